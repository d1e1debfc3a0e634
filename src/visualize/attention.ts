import { normalizeImages } from "../data/augment/normalize.ts";
import { noGradScope } from "../autograd/mode.ts";
import type { FrozenBackbone } from "../features/embedding.ts";
import { checkFiniteFeatures } from "../features/finite_features.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { ClsAttentionOptions } from "../vit/vision_transformer.ts";
import { heatMap } from "./heat_map.ts";
import type { NamedImage } from "./image_sample.ts";
import { type PatchView, patchView, type PatchViewOptions } from "./patch_view.ts";
import type { NamedPicture } from "./png.ts";
import { contactSheet } from "./contact_sheet.ts";

/** Options of {@linkcode attentionPictures}. */
export interface AttentionPictureOptions extends PatchViewOptions, ClsAttentionOptions {}

/** The most heads side by side. */
const COLUMNS = 6;

/**
 * Pictures of where a block's class token looks: the mean of its heads and each of them, in heat maps from the patch it
 * attends to least to the one it attends to most. Registers and the class token itself take their share of the attention
 * and are not shown.
 *
 * @param backbone The network, and what its images are normalised by.
 * @param images The images, of any sizes.
 * @param options Size of the images, and choice of the block.
 * @returns For each image, `PATH.attention`: the image, the mean and the heads, each as heat and laid over the image;
 * and the means of all beside their images, `attention`.
 * @throws {RangeError} If the block does not exist, or an image is too long.
 */
export function attentionPictures(
  backbone: FrozenBackbone,
  images: readonly NamedImage[],
  options: AttentionPictureOptions = {},
): NamedPicture[] {
  return noGradScope(() => {
    const shown = images.map(({ path, image }) => {
      const view = patchView(image, backbone, options);
      const heads = attentionOnPatches(view, backbone, options); // [H, rows, columns]
      const { heat, overlay } = heatMap(heads.mean(0), view.picture);
      const means = [view.picture, heat, overlay];
      const rows = heads.chunk(Math.ceil(heads.shape[0] / COLUMNS)).flatMap((some) => {
        const maps = some.unbind(0).map((head) => heatMap(head, view.picture));
        return [maps.map(({ heat }) => heat), maps.map(({ overlay }) => overlay)];
      });
      return {
        means,
        picture: { name: `${path}.attention`, picture: contactSheet([means, ...rows]) },
      };
    });
    return [
      ...shown.map(({ picture }) => picture),
      { name: "attention", picture: contactSheet(shown.map(({ means }) => means)) },
    ];
  });
}

function attentionOnPatches(
  { pixels, grid }: PatchView,
  backbone: FrozenBackbone,
  options: AttentionPictureOptions,
): Tensor {
  const { model, normalization } = backbone;
  const batch = pixels.unsqueeze(0).to({ device: model.clsToken.device });
  const { patches } = model.clsAttention(normalizeImages(batch, normalization), options); // [1, H, N]
  checkFiniteFeatures(patches, backbone);
  return patches.reshape([-1, ...grid]).to({ device: "cpu" });
}

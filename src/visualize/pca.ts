import { noGradScope } from "../autograd/mode.ts";
import type { FrozenBackbone } from "../features/embedding.ts";
import type { ForegroundOptions } from "./foreground.ts";
import type { NamedImage } from "./image_sample.ts";
import { magnify } from "./magnify.ts";
import { patchGrid, patchView, type PatchViewOptions } from "./patch_view.ts";
import { pcaColors } from "./pca_colors.ts";
import type { NamedPicture } from "./png.ts";
import { contactSheet } from "./contact_sheet.ts";

/** Options of {@linkcode pcaPictures}. */
export interface PcaPictureOptions extends PatchViewOptions, ForegroundOptions {}

/**
 * Principal components of the patches of several images, as pictures; see {@linkcode pcaColors}.
 *
 * @param backbone The network, and what its images are normalised by.
 * @param images The images, of any sizes.
 * @param options Size of the images, and choice of the foreground.
 * @returns One for each image, `PATH.pca`, and all beside their images, `pca`.
 * @throws {RangeError} If hardly a patch is foreground, or an image is too long.
 */
export function pcaPictures(
  backbone: FrozenBackbone,
  images: readonly NamedImage[],
  options: PcaPictureOptions = {},
): NamedPicture[] {
  return noGradScope(() => {
    const views = images.map(({ image }) => patchView(image, backbone, options));
    const colored = pcaColors(views.map((view) => patchGrid(view, backbone)), options);
    const pictures = colored.map(({ colors }, i) => {
      const side = views[i].picture.shape[1] / views[i].grid[0]; // of a patch, magnified
      return magnify(colors.mul(255).round().to({ dtype: "uint8" }), side);
    });
    return [
      ...pictures.map((picture, i) => ({ name: `${images[i].path}.pca`, picture })),
      {
        name: "pca",
        picture: contactSheet(pictures.map((picture, i) => [views[i].picture, picture])),
      },
    ];
  });
}

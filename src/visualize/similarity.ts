import { noGradScope } from "../autograd/mode.ts";
import type { FrozenBackbone } from "../features/embedding.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { heatMap, rangeOf } from "./heat_map.ts";
import type { NamedImage } from "./image_sample.ts";
import { patchGrid, type PatchView, patchView, type PatchViewOptions } from "./patch_view.ts";
import type { NamedPicture } from "./png.ts";
import { contactSheet } from "./contact_sheet.ts";
import { patchAt, similarityMaps } from "./similarity_maps.ts";

/** What {@linkcode similarityPictures} gives. */
export interface SimilarityPictures {
  /** For each image, `PATH.similarity`; and all beside their images, `similarity`. */
  readonly pictures: readonly NamedPicture[];
  /** The similarities that have the first and the last colour, the same in all pictures. */
  readonly range: readonly [least: number, greatest: number];
}

/**
 * Pictures of the similarity of each patch to the one at a point of the first image, in that image and in the others.
 *
 * @param backbone The network, and what its images are normalised by.
 * @param images The images, of any sizes; the point lies in the first.
 * @param point In pixels of the first image, from its top left corner.
 * @param options Size of the images.
 * @throws {RangeError} If the point lies outside the image, or an image is too long.
 */
export function similarityPictures(
  backbone: FrozenBackbone,
  images: readonly NamedImage[],
  point: readonly [x: number, y: number],
  options: PatchViewOptions = {},
): SimilarityPictures {
  return noGradScope(() => {
    const views = images.map(({ image }) => patchView(image, backbone, options));
    const place = patchAt(point, images[0].image, views[0].grid);
    const grids = views.map((view) => patchGrid(view, backbone));
    const maps = similarityMaps(grids, { image: 0, ...place });
    const range = rangeOf(maps);
    const rows = maps.map((values, i) => {
      const { heat, overlay } = heatMap(values, views[i].picture, range);
      return [views[i].picture, heat, overlay]
        .map((picture) => i === 0 ? framePatch(picture, views[0], place) : picture);
    });
    const pictures = [
      ...rows.map(([, , picture], i) => ({ name: `${images[i].path}.similarity`, picture })),
      { name: "similarity", picture: contactSheet(rows) },
    ];
    return { pictures, range };
  });
}

/** A copy of a picture with a white line around a patch, and a black one around that. */
function framePatch(
  picture: Tensor,
  { grid }: PatchView,
  { row, column }: { row: number; column: number },
): Tensor {
  const [, height, width] = picture.shape;
  const side = height / grid[0];
  const framed = picture.clone();
  for (const [grown, value] of [[2, 0], [1, 255]] as const) {
    const top = Math.max(0, row * side - grown), left = Math.max(0, column * side - grown);
    const bottom = Math.min(height, (row + 1) * side + grown);
    const right = Math.min(width, (column + 1) * side + grown);
    framed.narrow(1, top, bottom - top).narrow(2, left, right - left).fill_(value);
  }
  const patch = (image: Tensor) => image.narrow(1, row * side, side).narrow(2, column * side, side);
  patch(framed).copy_(patch(picture));
  return framed;
}

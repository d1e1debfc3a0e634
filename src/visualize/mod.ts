/**
 * Pictures of what a network sees: PNG files of principal components, attention, similarities and neighbours.
 *
 * @example The principal components of a folder's images, as colours
 * ```ts
 * import { loadBackbone } from "@deino/deino/backbone";
 * import { openImages } from "@deino/deino/data";
 * import { pcaPictures, readImages, writePictures } from "@deino/deino/visualize";
 *
 * const folder = await openImages("photos");
 * const { images } = await readImages(folder, folder.paths.slice(0, 4));
 * writePictures("pictures", pcaPictures(loadBackbone("runs/a"), images));
 * ```
 *
 * @module
 */

// Images to look at
export { type ImageSample, type NamedImage, readImages, spreadOver } from "./image_sample.ts";
export { patchGrid, type PatchView, patchView, type PatchViewOptions } from "./patch_view.ts";

// Principal components
export { type PcaPictureOptions, pcaPictures } from "./pca.ts";
export { type PcaColors, pcaColors } from "./pca_colors.ts";
export {
  type PrincipalComponents,
  principalComponents,
  projectOnComponents,
} from "./principal_components.ts";
export {
  foregroundMasks,
  type ForegroundOptions,
  type ForegroundRule,
  foregroundRules,
} from "./foreground.ts";

// Attention and similarity
export { type AttentionPictureOptions, attentionPictures } from "./attention.ts";
export { type SimilarityPictures, similarityPictures } from "./similarity.ts";
export { patchAt, type PatchPlace, similarityMaps } from "./similarity_maps.ts";

// Neighbours
export {
  type NearestImages,
  type NeighbourSheet,
  neighbourSheet,
  type NeighbourSheetOptions,
} from "./neighbours.ts";
export { nearestNeighbours, type Neighbour, type NeighbourOptions } from "./nearest_neighbours.ts";

// What training sees
export { cropSheet, firstBatch } from "./crops.ts";

// Drawing
export { colorize } from "./color_map.ts";
export { type HeatMap, heatMap } from "./heat_map.ts";
export { contactSheet } from "./contact_sheet.ts";
export { encodePng, type NamedPicture, writePictures } from "./png.ts";

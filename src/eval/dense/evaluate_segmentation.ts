import { imageTensor } from "../../data/augment/resize.ts";
import { type ImageFolder, imageName } from "../../data/folder.ts";
import type { DecodedImage } from "../../data/image.ts";
import { evaluationBatches } from "../../data/loader.ts";
import { tensor } from "../../tensor/create.ts";
import { scope } from "../../tensor/scope.ts";
import { type ClassAreas, classAreas } from "./class_areas.ts";
import type { DenseEvaluation, DenseEvaluationOptions } from "./dense_evaluation.ts";
import { numClassesOf } from "./dense_targets.ts";
import { segment, type Segmenter } from "./segment.ts";
import { type SegmentationScores, segmentationScores } from "./segmentation_scores.ts";

/**
 * Scores linear segmentation on a folder of images and masks.
 *
 * @param segmenter Backbone and head.
 * @param folder Images and masks; see `scanPairedFolder`.
 * @param options Device and progress.
 * @throws {TypeError} If the folder has no masks.
 * @throws {Error} If too many files are broken, or no pixel is labelled.
 */
export async function evaluateSegmentation(
  segmenter: Segmenter,
  folder: ImageFolder,
  options: DenseEvaluationOptions = {},
): Promise<DenseEvaluation<SegmentationScores>> {
  const { batchSize, device = "cpu", onProgress = () => {} } = options;
  const numClasses = numClassesOf(folder);
  const areas: ClassAreas[] = [];
  const areasOf = (image: DecodedImage, name: string) =>
    scope(() => {
      const { width, height, target } = image;
      const pixels = imageTensor(image, { device }).unsqueeze(0);
      const found = segment(segmenter, pixels, { batchSize, name });
      return classAreas(found, tensor(target!, { shape: [height, width], device }), numClasses);
    });
  using loader = evaluationBatches(folder, {
    ...options,
    channels: segmenter.model.options.inChans,
    batchSize: 1,
    cacheBytes: 0,
  });
  for await (const { images: [image], indices: [index] } of loader) {
    areas.push(areasOf(image, imageName(folder, index)));
    onProgress(areas.length, folder.paths.length);
  }
  return {
    scores: segmentationScores(areas),
    images: areas.length,
    brokenFiles: loader.brokenFiles,
  };
}

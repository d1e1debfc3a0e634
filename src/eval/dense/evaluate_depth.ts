import { imageTensor } from "../../data/augment/resize.ts";
import { type ImageFolder, imageName } from "../../data/folder.ts";
import type { DecodedImage } from "../../data/image.ts";
import { evaluationBatches } from "../../data/loader.ts";
import { tensor } from "../../tensor/create.ts";
import { scope } from "../../tensor/scope.ts";
import type { DenseEvaluation, DenseEvaluationOptions } from "./dense_evaluation.ts";
import { checkDepthFolder } from "./dense_targets.ts";
import { type DepthScores, depthScores, measureDepth } from "./depth_scores.ts";
import { type DepthEstimator, estimateDepth } from "./estimate_depth.ts";

/**
 * Scores linear depth estimation on a folder of images and depth maps, in the protocol's window and between its least
 * and greatest depth. Images without a known depth there are not counted.
 *
 * @param estimator Backbone and head.
 * @param folder Images and depth maps; see `scanPairedFolder`.
 * @param options Device and progress.
 * @throws {TypeError} If the folder has no depth maps.
 * @throws {RangeError} If the protocol does not fit the images, or no depth is known.
 * @throws {Error} If too many files are broken.
 */
export async function evaluateDepth(
  estimator: DepthEstimator,
  folder: ImageFolder,
  options: Omit<DenseEvaluationOptions, "batchSize"> = {},
): Promise<DenseEvaluation<DepthScores>> {
  const { device = "cpu", onProgress = () => {} } = options;
  const { evalWindow, minDepth, maxDepth } = estimator.protocol;
  checkDepthFolder(folder);
  const measure = (image: DecodedImage, name: string) =>
    scope(() => {
      const { height, width } = image;
      const { top, left, ...window } = evalWindow({ height, width });
      const pixels = imageTensor(image, { device }).unsqueeze(0);
      const estimated = estimateDepth(estimator, pixels, { name });
      const known = tensor(image.target!, { shape: [height, width], device });
      const [predicted, truth] = [estimated, known].map((x) =>
        x.narrow(0, top, window.height).narrow(1, left, window.width)
      );
      return measureDepth(predicted, truth, truth.gt(minDepth).logicalAnd(truth.lt(maxDepth)));
    });
  const measured: Float64Array[] = [];
  let done = 0;
  using loader = evaluationBatches(folder, {
    ...options,
    channels: estimator.model.options.inChans,
    batchSize: 1,
    cacheBytes: 0,
  });
  for await (const { images: [image], indices: [index] } of loader) {
    const values = measure(image, imageName(folder, index));
    if (values !== undefined) measured.push(values);
    onProgress(++done, folder.paths.length);
  }
  return {
    scores: depthScores(measured),
    images: measured.length,
    brokenFiles: loader.brokenFiles,
  };
}

import { type ImageFolder, imageName } from "../../data/folder.ts";
import { Stream } from "../../random/stream.ts";
import { withLinearWarmup } from "../../optim/linear_warmup.ts";
import { cat, stack, tensor } from "../../tensor/create.ts";
import { Generator } from "../../tensor/random.ts";
import type { FrozenBackbone } from "../../features/embedding.ts";
import { checkFiniteFeatures } from "../../features/finite_features.ts";
import { segmentationFeatures } from "./dense_features.ts";
import { numClassesOf } from "./dense_targets.ts";
import { type Fit, type FitBatch, fitHead, type FitOptions, type Fitted } from "./fit_head.ts";
import { SegmentationHead } from "./segmentation_head.ts";
import { backwardSegmentationLoss } from "./segmentation_loss.ts";
import type { SegmentationProtocol } from "./segmentation_protocol.ts";
import {
  drawSegmentationView,
  segmentationViewImage,
  segmentationViewLabels,
} from "./segmentation_view.ts";

const ITERATIONS = 40_000;
/** Share of the iterations in which the learning rate rises: 1,500 of 40,000. */
const WARM_UP = 1500 / ITERATIONS;
const WARM_UP_RATIO = 1e-6;
const LR = 1e-3;
const WEIGHT_DECAY = 1e-4;

/**
 * Trains linear segmentation on frozen features as the reference does: AdamW, learning rate 1e-3 falling linearly to 0
 * after a warm-up, weight decay 1e-4, random views; see {@linkcode drawSegmentationView}.
 *
 * Source: the released configurations `dinov2_*_ade20k_linear_config.py`.
 *
 * @param backbone The network, and what its images are normalised by.
 * @param folder Images and masks; see `scanPairedFolder`.
 * @param protocol How images are seen.
 * @param options Length, seed and device.
 * @throws {TypeError} If the folder has no masks.
 * @throws {Error} If too many files are broken, or training diverges.
 */
export async function trainSegmentation(
  backbone: FrozenBackbone,
  folder: ImageFolder,
  protocol: SegmentationProtocol,
  options: FitOptions = {},
): Promise<Fitted<SegmentationHead>> {
  const { seed = 0, device = "cpu" } = options;
  const { model, normalization } = backbone;
  const { imageSize, blocks } = protocol;
  const width = blocks * model.options.embedDim;
  const head = makeHead(width, numClassesOf(folder), seed).to({ device });
  const backward = ({ images, indices, iteration }: FitBatch) => {
    const views = images.map((image, sample) => {
      const stream = new Stream(seed, "segmentation", iteration, sample);
      const draw = drawSegmentationView(image, protocol, stream);
      const labels = segmentationViewLabels(image, draw, imageSize);
      return {
        image: segmentationViewImage(image, draw, { imageSize, normalization, device }),
        labels: tensor(labels, { shape: [imageSize, imageSize], device }),
      };
    });
    const features = segmentationFeatures(model, cat(views.map(({ image }) => image)), blocks);
    if (iteration === 0) { // later steps do not wait for the device
      checkFiniteFeatures(features, backbone, (place) => imageName(folder, indices[place]));
    }
    const labels = stack(views.map(({ labels }) => labels)); // [B, S, S]
    return backwardSegmentationLoss(head.forward(features), labels);
  };
  return await fitHead(head, folder, {
    ...options,
    ...segmentationRecipe(options),
    seed,
    device,
    backward,
    channels: model.options.inChans,
  });
}

/** How the optimiser goes: length, rate and weight decay at each iteration; gradients are not clipped. */
export function segmentationRecipe(
  { iterations = ITERATIONS, lr = LR }: Pick<FitOptions, "iterations" | "lr"> = {},
): Pick<Fit, "iterations" | "schedule" | "maxNorm"> {
  const rate = withLinearWarmup((iteration) => lr * (1 - iteration / iterations), {
    iterations: Math.round(WARM_UP * iterations),
    ratio: WARM_UP_RATIO,
  });
  return {
    iterations,
    schedule: (iteration) => ({ lr: rate(iteration), wd: WEIGHT_DECAY }),
    maxNorm: 0,
  };
}

function makeHead(width: number, numClasses: number, seed: number): SegmentationHead {
  using generator = new Generator(seed);
  return new SegmentationHead(width, numClasses, { generator });
}

import { type ImageFolder, imageName } from "../../data/folder.ts";
import { Stream } from "../../random/stream.ts";
import { upsampleBilinear2d } from "../../nn/functional.ts";
import { oneCycleMomentum } from "../../optim/one_cycle.ts";
import { cosineSchedule } from "../../optim/schedules.ts";
import { withLinearWarmup } from "../../optim/linear_warmup.ts";
import { cat } from "../../tensor/create.ts";
import { Generator } from "../../tensor/random.ts";
import type { FrozenBackbone } from "../../features/embedding.ts";
import { checkFiniteFeatures } from "../../features/finite_features.ts";
import { depthBlocks, depthFeatures } from "./dense_features.ts";
import { checkDepthFolder } from "./dense_targets.ts";
import { DepthHead } from "./depth_head.ts";
import { depthLoss } from "./depth_loss.ts";
import type { DepthProtocol } from "./depth_protocol.ts";
import { depthView, drawDepthView } from "./depth_view.ts";
import { type Fit, type FitBatch, fitHead, type FitOptions, type Fitted } from "./fit_head.ts";

const ITERATIONS = 38_400;
/** Share of the iterations in which the learning rate rises: 12,800 of 38,400. */
const WARM_UP = 1 / 3;
const WARM_UP_RATIO = 1e-3;
const FINAL_RATIO = 1e-8;
const LR = 1e-4;
const WEIGHT_DECAY = 0.01;
const MAX_NORM = 35;
/** Steps in which the loss has no variance term. */
const LOSS_WARM_UP = 100;

/**
 * Trains linear depth estimation on frozen features as the reference does: AdamW, learning rate 1e-4 with warm-up and
 * cosine, one-cycle momentum, weight decay 0.01, gradients clipped at 35, random views; see {@linkcode drawDepthView}.
 *
 * Source: `dinov2/eval/depth`, and the configurations released with the heads.
 *
 * @param backbone The network, and what its images are normalised by.
 * @param folder Images and depth maps; see `scanPairedFolder`.
 * @param protocol How images are seen.
 * @param options Length, seed and device.
 * @throws {TypeError} If the folder has no depth maps.
 * @throws {RangeError} If protocol and images or backbone do not go together.
 * @throws {Error} If too many files are broken, or training diverges.
 */
export async function trainDepth(
  backbone: FrozenBackbone,
  folder: ImageFolder,
  protocol: DepthProtocol,
  options: FitOptions = {},
): Promise<Fitted<DepthHead>> {
  const { seed = 0, device = "cpu" } = options;
  const { model, normalization } = backbone;
  checkDepthFolder(folder);
  const blocks = depthBlocks(model.options.depth, protocol.layers);
  const width = 2 * blocks.length * model.options.embedDim;
  const head = makeHead(width, protocol, seed).to({ device });
  const backward = ({ images, indices, iteration }: FitBatch) => {
    const views = images.map((image, sample) => {
      const draw = drawDepthView(image, protocol, new Stream(seed, "depth", iteration, sample));
      return depthView(image, draw, { cropSize: protocol.cropSize, normalization, device });
    });
    const features = depthFeatures(model, cat(views.map(({ image }) => image)), blocks);
    if (iteration === 0) { // later steps do not wait for the device
      checkFiniteFeatures(features, backbone, (place) => imageName(folder, indices[place]));
    }
    const predicted = upsampleBilinear2d(head.forward(features), protocol.cropSize);
    const truth = cat(views.map(({ depth }) => depth)); // [B, 1, h, w]
    const loss = depthLoss(predicted, truth, { warmUp: iteration < LOSS_WARM_UP });
    loss.backward();
    return loss.detach();
  };
  return await fitHead(head, folder, {
    ...options,
    ...depthRecipe(options),
    seed,
    device,
    backward,
    channels: model.options.inChans,
  });
}

/** The optimiser's settings: iterations, then learning rate, weight decay and momentum at each, maximum gradient norm. */
export function depthRecipe(
  { iterations = ITERATIONS, lr = LR }: Pick<FitOptions, "iterations" | "lr"> = {},
): Pick<Fit, "iterations" | "schedule" | "maxNorm"> {
  const rate = withLinearWarmup(
    cosineSchedule({ base: lr, final: FINAL_RATIO * lr, total: iterations }),
    {
      iterations: Math.round(WARM_UP * iterations),
      ratio: WARM_UP_RATIO,
    },
  );
  const momentum = oneCycleMomentum(iterations);
  return {
    iterations,
    schedule: (iteration) => ({
      lr: rate(iteration),
      wd: WEIGHT_DECAY,
      beta1: momentum(iteration),
    }),
    maxNorm: MAX_NORM,
  };
}

function makeHead(width: number, protocol: DepthProtocol, seed: number): DepthHead {
  using generator = new Generator(seed);
  return new DepthHead(width, protocol, { generator });
}

import { noGrad } from "../autograd/mode.ts";
import * as ops from "../ffi/ops.gen.ts";
import { arange, tensor, zeros } from "../tensor/create.ts";
import type { Device } from "../tensor/device.ts";
import { scope } from "../tensor/scope.ts";
import { Tensor } from "../tensor/tensor.ts";

/** Features of images and the images' classes. */
export interface LabelledFeatures {
  /** L2-normalised features, `[n, D]`, float32. */
  readonly features: Tensor;
  /** The class of each image, an index from 0. */
  readonly labels: Uint32Array;
}

/** Options of {@linkcode knn}. */
export interface KnnOptions {
  /** How many neighbours vote; each number is evaluated. Default: 10, 20, 100 and 200. */
  ks?: readonly number[];
  /** Temperature of the votes. Default: 0.07. */
  temperature?: number;
  /** Images that are classified at a time; the result does not depend on it. Default: what takes about 64 MB. */
  blockSize?: number;
}

/** How many images were classified correctly for one number of neighbours. */
export interface KnnCounts {
  /** The number of neighbours. */
  readonly k: number;
  /** Images whose class got the most votes. */
  readonly top1: number;
  /** Images whose class is among the five with the most votes. */
  readonly top5: number;
  /** Images that were classified. */
  readonly total: number;
}

const BLOCK_ELEMENTS = 2 ** 24;

/**
 * Classifies images by their nearest neighbours among labelled ones, as the reference does: similarities are dot
 * products; the weights are a softmax over the similarities of the `max(ks)` nearest images, or of all where there are
 * fewer; the first k of them vote for their classes. Of classes with equal votes, unvoted ones included, the one with
 * the lower index comes first.
 *
 * Source: `dinov2/eval/knn.py`; Wu et al. 2018, section 3.4.
 *
 * @param train The labelled images, on the device to compute on.
 * @param queries The images to classify, on the same device.
 * @param options Numbers of neighbours and temperature.
 * @throws {RangeError} If a set is empty, or a number of neighbours or the temperature makes no sense.
 */
export function knn(
  train: LabelledFeatures,
  queries: LabelledFeatures,
  options: KnnOptions = {},
): KnnCounts[] {
  const { ks = [10, 20, 100, 200], temperature = 0.07 } = options;
  check(train, queries, ks, temperature);
  const { device } = train.features;
  const total = queries.labels.length;
  const neighbours = Math.min(Math.max(...ks), train.labels.length);
  const classes = 1 + Math.max(highest(train.labels), highest(queries.labels));
  const perImage = train.labels.length + neighbours * classes;
  const blockSize = options.blockSize ?? Math.max(1, Math.floor(BLOCK_ELEMENTS / perImage));
  const correct = noGrad(() =>
    scope(() => {
      const trainLabels = labelTensor(train.labels, device);
      const queryLabels = labelTensor(queries.labels, device);
      const voters = firstOnes(ks, neighbours, device); // [J, K]
      const counts = zeros([ks.length, 2], { dtype: "int64", device });
      for (let start = 0; start < total; start += blockSize) {
        const length = Math.min(blockSize, total - start);
        scope(() => {
          const block = queries.features.narrow(0, start, length);
          const similarities = block.matmul(train.features.t()); // [B, n]
          const nearest = similarities.topk(neighbours);
          const weights = nearest.values.div(temperature).softmax(1); // [B, K]
          const labels = trainLabels.indexSelect(0, nearest.indices.reshape([-1]));
          const oneHot = Tensor.wrap(ops.oneHot(labels.handle, classes)).to({ dtype: "float32" })
            .reshape([length, neighbours, classes]);
          const scores = weights.unsqueeze(1).mul(voters).matmul(oneHot); // [B, J, C]
          const ranks = rankOf(queryLabels.narrow(0, start, length), scores); // [B, J]
          for (const [column, places] of [1, 5].entries()) {
            counts.select(1, column).add_(ranks.lt(places).sum(0));
          }
        });
      }
      return counts.toList() as number[][];
    })
  );
  return ks.map((k, i) => ({ k, top1: correct[i][0], top5: correct[i][1], total }));
}

/** How many classes come before an image's own, for each image and number of neighbours, `[B, J]`. */
function rankOf(labels: Tensor, scores: Tensor): Tensor {
  const [length, numbers, classes] = scores.shape;
  const own = labels.reshape([length, 1, 1]).expand([length, numbers, 1]);
  const ownScore = scores.gather(2, own);
  const indices = arange(classes, { device: scores.device });
  const before = scores.eq(ownScore).logicalAnd(indices.lt(own));
  return scores.gt(ownScore).sum(2).add(before.sum(2));
}

/** Row j has ones in its first `ks[j]` columns and zeros in the rest. */
function firstOnes(ks: readonly number[], columns: number, device: Device): Tensor {
  const limits = tensor(Int32Array.from(ks), { shape: [ks.length, 1], device });
  return arange(columns, { device }).lt(limits).to({ dtype: "float32" });
}

function labelTensor(labels: Uint32Array, device: Device): Tensor {
  return tensor(BigInt64Array.from(labels, BigInt), { device });
}

function highest(labels: Uint32Array): number {
  return labels.reduce((a, b) => Math.max(a, b), 0);
}

function check(
  train: LabelledFeatures,
  queries: LabelledFeatures,
  ks: readonly number[],
  temperature: number,
): void {
  for (const { features, labels } of [train, queries]) {
    if (labels.length === 0) throw new RangeError("Cannot find neighbours in a set without images");
    if (features.shape[0] !== labels.length) {
      throw new RangeError(
        `Cannot pair ${features.shape[0]} features with ${labels.length} labels`,
      );
    }
  }
  if (ks.length === 0 || ks.some((k) => !Number.isInteger(k) || k < 1)) {
    throw new RangeError(
      `Cannot let [${ks.join(", ")}] neighbours vote: give whole numbers from 1`,
    );
  }
  if (!(temperature > 0)) {
    throw new RangeError(`Cannot weigh votes at temperature ${temperature}: it must be above 0`);
  }
}

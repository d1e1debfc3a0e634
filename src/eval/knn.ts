import { noGradScope } from "../autograd/mode.ts";
import { oneHot } from "../nn/functional.ts";
import { arange, tensor } from "../tensor/create.ts";
import type { Device } from "../tensor/device.ts";
import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import {
  checkFeatures,
  countClasses,
  type LabelledFeatures,
  labelTensor,
} from "../features/labelled_features.ts";
import { TopCounter, type TopCounts } from "./top_counts.ts";

/** Options of {@linkcode knn}. */
export interface KnnOptions {
  /** How many neighbours vote, or all images where there are fewer; each number is evaluated. Default: 10, 20, 100 and 200. */
  ks?: readonly number[];
  /** Temperature of the votes. Default: 0.07. */
  temperature?: number;
  /** Images that are classified at a time; the result does not depend on it. Default: what takes about 64 MB. */
  blockSize?: number;
}

/** How many images were classified correctly for one number of neighbours. */
export interface KnnCounts extends TopCounts {
  /** The number of neighbours that voted. */
  readonly k: number;
  /** Images that were classified. */
  readonly total: number;
}

const BLOCK_ELEMENTS = 2 ** 24;
/** But for many classes no fewer: all training features are read for each block, which takes longest where they are many. */
const LEAST_AT_A_TIME = 32;
/** Fewer neighbours cannot vote for five classes: those without a vote would fill the places by their numbers. */
const LEAST_FOR_TOP5 = 5;

/**
 * Classifies images by their nearest neighbours among labelled ones, as the reference does: similarities are dot
 * products; the weights are a softmax over the similarities of the `max(ks)` nearest images, or of all where there are
 * fewer; the first k of them vote for their classes. Of classes with equal votes, unvoted ones included, the one with
 * the lower index comes first.
 *
 * Source: `dinov2/eval/knn.py`; Wu et al. 2018, section 3.4.
 *
 * @param train The labelled images, with features of length 1, on the device to compute on.
 * @param queries The images to classify, with features of length 1, on the same device.
 * @param options Numbers of neighbours and temperature.
 * @returns The counts for each number, without `top5` also where fewer than five neighbours vote.
 * @throws {RangeError} If a set is empty, features are not finite, or a number of neighbours or the temperature is out of
 *   range.
 */
export function knn(
  train: LabelledFeatures,
  queries: LabelledFeatures,
  options: KnnOptions = {},
): KnnCounts[] {
  const { ks = [10, 20, 100, 200], temperature = 0.07 } = options;
  checkFeatures(train, queries);
  check(ks, temperature);
  const { device } = train.features;
  const total = queries.labels.length;
  const neighbours = Math.min(Math.max(...ks), train.labels.length);
  const classes = countClasses(train, queries);
  const bySimilarities = Math.max(LEAST_AT_A_TIME, BLOCK_ELEMENTS / train.labels.length);
  const byVotes = BLOCK_ELEMENTS / (neighbours * classes);
  const blockSize = options.blockSize ?? Math.max(1, Math.floor(Math.min(bySimilarities, byVotes)));
  const counts = noGradScope(() => {
    const trainLabels = labelTensor(train.labels, device);
    const queryLabels = labelTensor(queries.labels, device);
    const voters = firstOnes(ks, neighbours, device); // [J, K]
    const counter = new TopCounter(ks.length, classes, device);
    for (let start = 0; start < total; start += blockSize) {
      const length = Math.min(blockSize, total - start);
      scope(() => {
        const block = queries.features.narrow(0, start, length);
        const similarities = block.matmul(train.features.t()); // [B, n]
        const nearest = similarities.topk(neighbours);
        const weights = nearest.values.div(temperature).softmax(1); // [B, K]
        const labels = trainLabels.indexSelect(0, nearest.indices.reshape([-1]));
        const votes = oneHot(labels, classes).to({ dtype: "float32" })
          .reshape([length, neighbours, classes]);
        const scores = weights.unsqueeze(1).mul(voters).matmul(votes); // [B, J, C]
        counter.add(scores, queryLabels.narrow(0, start, length));
      });
    }
    return counter.read();
  });
  return ks.map((asked, i) => {
    const k = Math.min(asked, neighbours);
    const { top5, ...others } = counts[i];
    return { k, total, ...others, ...k >= LEAST_FOR_TOP5 && { top5 } };
  });
}

/** Row j has ones in its first `ks[j]` columns and zeros in the rest. */
function firstOnes(ks: readonly number[], columns: number, device: Device): Tensor {
  const limits = tensor(Int32Array.from(ks), { shape: [ks.length, 1], device });
  return arange(columns, { device }).lt(limits).to({ dtype: "float32" });
}

function check(ks: readonly number[], temperature: number): void {
  if (ks.length === 0 || ks.some((k) => !Number.isInteger(k) || k < 1)) {
    throw new RangeError(
      `Cannot let [${ks.join(", ")}] neighbours vote: give whole numbers from 1`,
    );
  }
  if (!(temperature > 0)) {
    throw new RangeError(`Cannot weight votes at temperature ${temperature}: it must be above 0`);
  }
}

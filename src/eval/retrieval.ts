import { noGradScope } from "../autograd/mode.ts";
import { allFinite } from "../features/finite_features.ts";
import { arange, cat, ones, zeros } from "../tensor/create.ts";
import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import {
  checkFeatures,
  type LabelledFeatures,
  labelTensor,
} from "../features/labelled_features.ts";

/** Options of {@linkcode averagePrecisions}. */
export interface RetrievalOptions {
  /** Queries that are answered at a time; the result does not depend on it. Default: what takes about 64 MB a tensor. */
  blockSize?: number;
}

const BLOCK_ELEMENTS = 2 ** 23;

/**
 * How well queries find images of their class in a database: for each query the mean, over the images of its class, of the
 * share of that class among all images that are at least as similar. Similarities are dot products; images of equal
 * similarity are found together, so that their order does not matter.
 *
 * This is the average precision of information retrieval (Manning et al. 2008, section 8.4) without interpolation.
 *
 * @param queries The images to ask with, with features of length 1, on the device to compute on.
 * @param database The images to find, likewise; the same set to ask with each of its images for the others.
 * @param options Blocks.
 * @returns For each query a number from 0 to 1; NaN where the database has no image of its class.
 * @throws {RangeError} If a set is empty, features are not finite or differ in width.
 */
export function averagePrecisions(
  queries: LabelledFeatures,
  database: LabelledFeatures,
  options: RetrievalOptions = {},
): Float64Array {
  checkFeatures(queries, database);
  const { device } = queries.features;
  const [total, size] = [queries.labels.length, database.labels.length];
  const blockSize = options.blockSize ?? Math.max(1, Math.floor(BLOCK_ELEMENTS / size));
  return noGradScope(() => {
    const asking = labelTensor(queries.labels, device).unsqueeze(1);
    const found = labelTensor(database.labels, device);
    const blocks: Tensor[] = [];
    for (let start = 0; start < total; start += blockSize) {
      const length = Math.min(blockSize, total - start);
      blocks.push(scope(() => {
        const some = queries.features.narrow(0, start, length);
        const similarities = some.matmul(database.features.t()); // [B, n]
        if (!allFinite(similarities.amax(1))) { // NaN, if there is one
          throw new RangeError("Cannot rank similarities that are NaN or infinite");
        }
        const relevant = asking.narrow(0, start, length).eq(found);
        if (queries === database) {
          const places = arange(start + length, { start, device });
          const own = arange(size, { device }).eq(places.unsqueeze(1));
          similarities.maskedFill_(own, -Infinity); // behind all others, and not to be found
          relevant.maskedFill_(own, 0);
        }
        return averagePrecision(similarities, relevant);
      }));
    }
    return cat(blocks).toArray() as Float64Array;
  });
}

/**
 * Average precision by groups of equal similarity: the sum over groups of their relevant images times the precision at the
 * group's end, over all relevant images. Everything is counted in whole numbers.
 *
 * @param similarities `[B, n]`.
 * @param relevant `[B, n]`, bool.
 * @returns `[B]`, float64.
 */
function averagePrecision(similarities: Tensor, relevant: Tensor): Tensor {
  const [rows, size] = similarities.shape;
  const { device } = similarities;
  const { values, indices } = similarities.sort({ descending: true });
  const hits = relevant.gather(1, indices).to({ dtype: "int64" });
  const isNew = values.narrow(1, 1, size - 1).ne(values.narrow(1, 0, size - 1));
  const first = zeros([rows, 1], { dtype: "int64", device });
  const group = cat([first, isNew.to({ dtype: "int64" })], 1).cumsum(1); // [B, n]
  const cell = group.add(arange(rows, { device }).mul(size).unsqueeze(1)).reshape([-1]);
  const perGroup = (counts: Tensor) =>
    zeros([rows * size], { dtype: "int64", device }).indexAdd_(0, cell, counts.reshape([-1]))
      .reshape([rows, size]);
  const found = perGroup(hits);
  const seen = perGroup(ones([rows, size], { dtype: "int64", device }));
  const precision = found.cumsum(1).to({ dtype: "float64" }).div(seen.cumsum(1));
  return precision.mul(found).sum(1).div(found.sum(1));
}

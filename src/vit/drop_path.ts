import { tensor } from "../tensor/create.ts";
import type { Device } from "../tensor/device.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type CropGroup, pack, unpack } from "./packing.ts";

/** Draws a random permutation of 0 … batch − 1. */
export type PermutationSource = (batch: number) => ArrayLike<number | bigint>;

/** The sequences one residual branch works on: per crop group `[kept]`, indices into its batch. */
export type KeptSequences = readonly Tensor[];

/** How many of `batch` sequences a branch works on: a fixed share, rounded down, at least one. */
export function keptCount(batch: number, rate: number): number {
  return Math.max(Math.trunc(batch * (1 - rate)), 1);
}

/** Options of {@linkcode drawKept}. */
interface DrawKeptOptions {
  /** Where the permutations come from; one call per group. */
  permutation: PermutationSource;
  /** Where the indices are needed. Default: "cpu". */
  device?: Device;
}

/**
 * Draws which sequences every residual branch of a network keeps, in the order the reference draws:
 * branch by branch, group by group. One upload for all.
 *
 * @param batches Sequences in each crop group.
 * @param rates The share each branch drops.
 * @param options Where the numbers come from and go.
 * @returns For each branch its kept sequences.
 * @throws {RangeError} If a permutation is too short or points outside its batch.
 */
export function drawKept(
  batches: readonly number[],
  rates: readonly number[],
  options: DrawKeptOptions,
): KeptSequences[] {
  const sizes = rates.flatMap((rate) => batches.map((batch) => keptCount(batch, rate)));
  const indices = new Int32Array(sizes.reduce((sum, size) => sum + size, 0));
  let at = 0;
  for (const [i, size] of sizes.entries()) {
    const batch = batches[i % batches.length];
    const drawn = options.permutation(batch);
    for (let j = 0; j < size; j++) {
      const index = Number(drawn[j]);
      if (!(index >= 0 && index < batch)) {
        throw new RangeError(
          `Cannot keep sequence ${index} of a batch of ${batch}: entry ${j} of the permutation ` +
            "is out of range",
        );
      }
      indices[at++] = index;
    }
  }
  const parts = tensor(indices).to({ device: options.device }).split(sizes, 0);
  return rates.map((_, i) => parts.slice(i * batches.length, (i + 1) * batches.length));
}

/**
 * Adds a residual branch computed on a random part of each batch (stochastic depth by subsets,
 * section 5 of the DINOv2 paper): what is dropped costs nothing, and kept rows are scaled by batch
 * / kept.
 *
 * @param xs Per crop group `[B, N, D]`.
 * @param kept Per crop group the sequences to work on.
 * @param branch The branch on packed tokens, `[sum of B N, D]` to the same shape.
 * @returns Per crop group `[B, N, D]`.
 */
export function addToKept(
  xs: readonly Tensor[],
  kept: KeptSequences,
  branch: (tokens: Tensor, groups: readonly CropGroup[]) => Tensor,
): Tensor[] {
  const { tokens, groups } = pack(xs.map((x, i) => x.indexSelect(0, kept[i])));
  const residuals = unpack(branch(tokens, groups).to({ dtype: xs[0].dtype }), groups);
  return xs.map((x, i) =>
    x.indexAdd(0, kept[i], residuals[i], { alpha: x.shape[0] / groups[i].batch })
  );
}

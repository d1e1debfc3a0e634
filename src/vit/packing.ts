import { cat } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** Crops of one size within packed tokens: `batch` sequences of `length` tokens each. */
export interface CropGroup {
  /** Number B of sequences. */
  readonly batch: number;
  /** Number N of tokens in each. */
  readonly length: number;
}

/** Crops of several sizes laid end to end. */
export interface Packed {
  /** `[sum of B N, D]`. */
  readonly tokens: Tensor;
  /** What lies in `tokens`, in order. */
  readonly groups: readonly CropGroup[];
}

/**
 * Lays crops of several sizes end to end, so that linear layers and norms see them as one matrix.
 *
 * @param sequences Per group `[B, N, D]`.
 * @returns The packed tokens; a view when there is one group.
 */
export function pack(sequences: readonly Tensor[]): Packed {
  const groups = sequences.map(({ shape }) => ({ batch: shape[0], length: shape[1] }));
  const rows = sequences.map((x) => x.flatten(0, 1)); // each [B N, D]
  return { tokens: rows.length === 1 ? rows[0] : cat(rows, 0), groups };
}

/**
 * Undoes {@linkcode pack}: views, no copies.
 *
 * @param tokens `[sum of B N, D]`.
 * @param groups The groups in their order.
 * @returns Per group `[B, N, D]`.
 */
export function unpack(tokens: Tensor, groups: readonly CropGroup[]): Tensor[] {
  return splitGroups(tokens, groups).map((rows, i) =>
    rows.reshape([groups[i].batch, groups[i].length, -1])
  );
}

/** The first token of each sequence, `[B, D]`, as a view. */
export function firstTokens(tokens: Tensor, { batch, length }: CropGroup): Tensor {
  return tokens.reshape([batch, length, -1]).select(1, 0);
}

/** The rows of each group, `[B N, D]`, as views. */
export function splitGroups(tokens: Tensor, groups: readonly CropGroup[]): Tensor[] {
  if (groups.length === 1) return [tokens];
  return tokens.split(groups.map(({ batch, length }) => batch * length), 0);
}

import { scaledDotProductAttention } from "../nn/functional.ts";
import { Linear } from "../nn/linear.ts";
import { Module } from "../nn/module.ts";
import { cat } from "../tensor/create.ts";
import type { Generator } from "../tensor/random.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type CropGroup, splitGroups } from "./packing.ts";

/** Options of {@linkcode Attention}. */
export interface AttentionOptions {
  /** Where the initial weights come from. Default: libtorch's global generator. */
  generator?: Generator;
}

/** Multi-head self-attention within each sequence of packed crops. */
export class Attention extends Module {
  /** `D` to `3 D`: queries, keys, values, each head by head. */
  qkv: Linear;
  /** `D` to `D`. */
  proj: Linear;
  readonly #heads: number;
  readonly #headDim: number;

  /**
   * Draws the weights.
   *
   * @param width Token width D.
   * @param heads Number of heads, a divisor of D.
   * @param options Initialisation.
   */
  constructor(width: number, heads: number, options: AttentionOptions = {}) {
    super();
    this.qkv = new Linear(width, 3 * width, options);
    this.proj = new Linear(width, width, options);
    this.#heads = heads;
    this.#headDim = width / heads;
  }

  /**
   * Lets tokens attend to each other, within sequences only.
   *
   * @param x Packed tokens, `[sum of B N, D]`.
   * @param groups What is packed.
   * @returns `[sum of B N, D]`.
   */
  forward(x: Tensor, groups: readonly CropGroup[]): Tensor {
    const mixed = splitGroups(this.qkv.forward(x), groups).map((qkv, i) =>
      this.#attend(qkv, groups[i])
    );
    return this.proj.forward(mixed.length === 1 ? mixed[0] : cat(mixed, 0));
  }

  #attend(qkv: Tensor, { batch, tokens }: CropGroup): Tensor {
    // Taken apart before heads move forward: gradients then join in the layout of qkv, without a
    // copy.
    const [q, k, v] = qkv.reshape([batch, tokens, 3, this.#heads, this.#headDim])
      .unbind(2) // 3 x [B, N, H, d]
      .map((part) => part.transpose(1, 2)); // 3 x [B, H, N, d]
    return scaledDotProductAttention(q, k, v) // [B, H, N, d]
      .transpose(1, 2)
      .reshape([batch * tokens, -1]); // [B N, D]
  }
}

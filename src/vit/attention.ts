import { type Cost, sumCosts } from "../nn/cost.ts";
import { linear, scaledDotProductAttention } from "../nn/functional.ts";
import { Linear } from "../nn/linear.ts";
import { Module } from "../nn/module.ts";
import { cat } from "../tensor/create.ts";
import type { Generator } from "../tensor/random.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type CropGroup, firstTokens, splitGroups } from "./packing.ts";

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

  /**
   * Attention of the first token of each sequence, the class token: only its query is computed.
   *
   * @param x Tokens, `[B N, D]`.
   * @param group What they are.
   * @returns `[B, D]`.
   */
  forwardCls(x: Tensor, group: CropGroup): Tensor {
    const { batch, length } = group;
    const width = this.#heads * this.#headDim;
    const { weight, bias } = this.qkv;
    const part = (input: Tensor, start: number, count: number) =>
      linear(input, weight.narrow(0, start, count), bias!.narrow(0, start, count));
    const q = part(firstTokens(x, group), 0, width)
      .reshape([batch, this.#heads, 1, this.#headDim]); // [B, H, 1, d]
    const [k, v] = part(x, width, 2 * width)
      .reshape([batch, length, 2, this.#heads, this.#headDim])
      .unbind(2) // 2 x [B, N, H, d]
      .map((each) => each.transpose(1, 2)); // 2 x [B, H, N, d]
    return this.proj.forward(scaledDotProductAttention(q, k, v).reshape([batch, width]));
  }

  /**
   * How each head of the first token, the class token, spreads its attention over the tokens of its
   * sequence: `softmax(q kᵀ / √d)`, which the fused kernel of {@linkcode Attention.forward} never
   * writes down. Only that one row of the N x N weights is computed.
   *
   * @param x Tokens as the layer gets them, `[B N, D]`.
   * @param group What they are.
   * @returns `[B, H, N]`; each row sums to 1.
   */
  clsWeights(x: Tensor, group: CropGroup): Tensor {
    const [q, k] = this.#byHead(this.qkv.forward(x), group);
    return q.narrow(2, 0, 1).matmul(k.transpose(2, 3)) // [B, H, 1, N]
      .div(Math.sqrt(this.#headDim))
      .softmax(-1)
      .squeeze(2);
  }

  /** Cost of a pass over a group: 4 N² D operations a sequence; queries, keys and values are kept, and a sum a row. */
  cost({ batch, length }: CropGroup): Cost {
    const rows = batch * length, width = this.#heads * this.#headDim;
    const attention = {
      flops: 4 * rows * length * width,
      kept: rows * (3 * width + this.#heads),
    };
    return sumCosts([this.qkv.cost(rows), attention, this.proj.cost(rows)]);
  }

  #attend(qkv: Tensor, group: CropGroup): Tensor {
    const [q, k, v] = this.#byHead(qkv, group);
    return scaledDotProductAttention(q, k, v) // [B, H, N, d]
      .transpose(1, 2)
      .reshape([group.batch * group.length, -1]); // [B N, D]
  }

  /** Queries, keys and values head by head, 3 x `[B, H, N, d]`. */
  #byHead(qkv: Tensor, { batch, length }: CropGroup): Tensor[] {
    // Taken apart before heads move forward: gradients then join in the layout of qkv, without a
    // copy.
    return qkv.reshape([batch, length, 3, this.#heads, this.#headDim])
      .unbind(2) // 3 x [B, N, H, d]
      .map((part) => part.transpose(1, 2));
  }
}

import { type Cost, sumCosts } from "../nn/cost.ts";
import { LayerNorm } from "../nn/layer_norm.ts";
import { LayerScale } from "../nn/layer_scale.ts";
import { Mlp } from "../nn/mlp.ts";
import { Module } from "../nn/module.ts";
import { SwiGlu, swiGluHidden } from "../nn/swiglu.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Attention, type AttentionOptions } from "./attention.ts";
import { addToKept, type KeptSequences } from "./drop_path.ts";
import { type CropGroup, firstTokens } from "./packing.ts";

/** The feed-forward layer of a block; "swiglufused" is the reference's second name for "swiglu". */
export type FfnLayer = "mlp" | "swiglu" | "swiglufused";

/** Options of {@linkcode Block}. */
export interface BlockOptions extends AttentionOptions {
  /** Width of the feed-forward layer over the token width. Default: 4. */
  mlpRatio?: number;
  /** The feed-forward layer. Default: "mlp". */
  ffnLayer?: FfnLayer;
  /** Initial LayerScale; 0 leaves LayerScale out. Default: 0. */
  initValues?: number;
}

/**
 * A pre-norm transformer block: attention, then a feed-forward layer, each on a residual branch.
 */
export class Block extends Module {
  /** Before attention. */
  norm1: LayerNorm;
  /** Mixes tokens. */
  attn: Attention;
  /** Scales the attention branch, if LayerScale is used. */
  ls1: LayerScale | null;
  /** Before the feed-forward layer. */
  norm2: LayerNorm;
  /** Mixes channels. */
  mlp: Mlp | SwiGlu;
  /** Scales the feed-forward branch, if LayerScale is used. */
  ls2: LayerScale | null;

  /**
   * Draws the weights.
   *
   * @param width Token width D.
   * @param heads Attention heads, a divisor of D.
   * @param options Feed-forward layer, LayerScale and initialisation.
   */
  constructor(width: number, heads: number, options: BlockOptions = {}) {
    super();
    const { mlpRatio = 4, ffnLayer = "mlp", initValues = 0, generator } = options;
    const hidden = Math.trunc(width * mlpRatio);
    this.norm1 = new LayerNorm(width);
    this.attn = new Attention(width, heads, options);
    this.ls1 = initValues === 0 ? null : new LayerScale(width, initValues);
    this.norm2 = new LayerNorm(width);
    this.mlp = ffnLayer === "mlp"
      ? new Mlp(width, hidden, { generator })
      : new SwiGlu(width, swiGluHidden(hidden), { generator });
    this.ls2 = initValues === 0 ? null : new LayerScale(width, initValues);
  }

  /**
   * The whole block on every token.
   *
   * @param x Packed tokens, `[sum of B N, D]`.
   * @param groups What is packed.
   * @returns `[sum of B N, D]`.
   */
  forward(x: Tensor, groups: readonly CropGroup[]): Tensor {
    x = addScaled(x, this.attn.forward(this.norm1.forward(x), groups), this.ls1);
    return addScaled(x, this.mlp.forward(this.norm2.forward(x)), this.ls2);
  }

  /**
   * The block's output for the class token alone, at about a fifth of the cost.
   *
   * @param x Tokens, `[B N, D]`.
   * @param group What they are.
   * @returns `[B, D]`.
   */
  forwardCls(x: Tensor, group: CropGroup): Tensor {
    const branch = this.attn.forwardCls(this.norm1.forward(x), group);
    const cls = addScaled(firstTokens(x, group), branch, this.ls1);
    return addScaled(cls, this.mlp.forward(this.norm2.forward(cls)), this.ls2);
  }

  /**
   * The block in training with stochastic depth: each branch works on a part of each batch.
   *
   * @param xs Per crop group `[B, N, D]`.
   * @param kept The sequences the attention branch keeps, then those of the feed-forward branch.
   * @returns Per crop group `[B, N, D]`.
   */
  forwardKept(xs: readonly Tensor[], kept: readonly [KeptSequences, KeptSequences]): Tensor[] {
    xs = addToKept(xs, kept[0], (x, groups) => {
      return scaled(this.attn.forward(this.norm1.forward(x), groups), this.ls1);
    });
    return addToKept(xs, kept[1], (x) => scaled(this.mlp.forward(this.norm2.forward(x)), this.ls2));
  }

  /** Cost of a pass over a group; with stochastic depth, of the sequences it keeps. */
  cost(group: CropGroup): Cost {
    const rows = group.batch * group.length;
    const { norm1, attn, ls1, norm2, mlp, ls2 } = this;
    const rowwise = [norm1, ls1, norm2, mlp, ls2].flatMap((module) => module?.cost(rows) ?? []);
    return sumCosts([attn.cost(group), ...rowwise]);
  }
}

function addScaled(x: Tensor, branch: Tensor, scale: LayerScale | null): Tensor {
  return scale === null ? x.add(branch) : scale.addTo(x, branch);
}

function scaled(branch: Tensor, scale: LayerScale | null): Tensor {
  return scale === null ? branch : scale.forward(branch);
}

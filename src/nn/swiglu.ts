import type { Generator } from "../tensor/random.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Cost, keeping, sumCosts } from "./cost.ts";
import { silu } from "./functional.ts";
import { Linear } from "./linear.ts";
import { Module } from "./module.ts";

/** Options of {@linkcode SwiGlu}. */
export interface SwiGluOptions {
  /** Where the initial weights come from. Default: libtorch's global generator. */
  generator?: Generator;
}

/**
 * The width of a SwiGLU that costs about as much as an MLP of width `hidden`: two thirds,
 * truncated, then rounded up to a multiple of 8 (ViT-L: 4096 gives 2736).
 */
export function swiGluHidden(hidden: number): number {
  return 8 * Math.floor((Math.trunc(hidden * 2 / 3) + 7) / 8);
}

/**
 * A gated feed-forward layer, `w3(silu(a) * b)` with `a, b` the halves of `w12(x)` (Shazeer 2020).
 */
export class SwiGlu extends Module {
  /** `D` to `2 H`: the gate, then what it gates. */
  w12: Linear;
  /** `H` to `D`. */
  w3: Linear;

  /**
   * Draws the weights.
   *
   * @param width Size D of inputs and outputs.
   * @param hidden Size H of the gate; see {@linkcode swiGluHidden}.
   * @param options Initialisation.
   */
  constructor(width: number, hidden: number, options: SwiGluOptions = {}) {
    super();
    this.w12 = new Linear(width, 2 * hidden, options);
    this.w3 = new Linear(hidden, width, options);
  }

  /** `[..., D]` to `[..., D]`. */
  forward(x: Tensor): Tensor {
    const [gate, value] = this.w12.forward(x).chunk(2, -1); // 2 x [..., H]
    return this.w3.forward(silu(gate).mul(value));
  }

  /** Cost of a pass over this many rows: gate and value are kept, and what SiLU makes of the gate. */
  cost(rows: number): Cost {
    const hidden = this.w3.weight.shape[1];
    return sumCosts([this.w12.cost(rows), keeping(3 * rows * hidden), this.w3.cost(rows)]);
  }
}

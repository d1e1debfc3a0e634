import { ones, zeros } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Cost, keeping } from "./cost.ts";
import { layerNorm } from "./functional.ts";
import { Module, parameter } from "./module.ts";

/**
 * Layer normalisation of the last dimension with a learned scale and shift; eps 1e-6 everywhere.
 */
export class LayerNorm extends Module {
  /** Scale, `[D]`, ones at first. */
  weight: Tensor;
  /** Shift, `[D]`, zeros at first. */
  bias: Tensor;
  readonly #width: number;

  /**
   * Starts as plain normalisation.
   *
   * @param width Size of the last dimension.
   */
  constructor(width: number) {
    super();
    this.weight = parameter(ones([width]));
    this.bias = parameter(zeros([width]));
    this.#width = width;
  }

  /** `[..., D]` to `[..., D]`. */
  forward(x: Tensor): Tensor {
    return layerNorm(x, this.#width, this);
  }

  /** Cost of a pass over this many rows: the inputs are kept, and mean and standard deviation of each. */
  cost(rows: number): Cost {
    return keeping(rows * (this.#width + 2));
  }
}

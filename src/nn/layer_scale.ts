import { full } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Cost, keeping } from "./cost.ts";
import { Module, parameter } from "./module.ts";

/**
 * A learned factor per channel on a residual branch (Touvron et al. 2021, "Going deeper with image
 * transformers").
 */
export class LayerScale extends Module {
  /** `[D]`. */
  gamma: Tensor;

  /**
   * Starts with the same factor everywhere.
   *
   * @param width Number of channels.
   * @param initValue The factor at first: 1e-5 in training from scratch.
   */
  constructor(width: number, initValue: number) {
    super();
    this.gamma = parameter(full([width], initValue));
  }

  /** `gamma * branch`, `[..., D]`. */
  forward(branch: Tensor): Tensor {
    return branch.mul(this.gamma);
  }

  /** `x + gamma * branch` in one operator, which saves a pass over memory. */
  addTo(x: Tensor, branch: Tensor): Tensor {
    return x.addcmul(branch, this.gamma);
  }

  /** Cost of a pass over this many rows: the branch is kept. */
  cost(rows: number): Cost {
    return keeping(rows * this.gamma.numel);
  }
}

import type { Generator } from "../tensor/random.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Cost, keeping, sumCosts } from "./cost.ts";
import { gelu } from "./functional.ts";
import { Linear } from "./linear.ts";
import { Module } from "./module.ts";

/** Options of {@linkcode Mlp}. */
export interface MlpOptions {
  /** Where the initial weights come from. Default: libtorch's global generator. */
  generator?: Generator;
}

/** Two linear layers with an exact GELU between them. */
export class Mlp extends Module {
  /** `D` to `hidden`. */
  fc1: Linear;
  /** `hidden` to `D`. */
  fc2: Linear;

  /**
   * Draws the weights.
   *
   * @param width Size D of inputs and outputs.
   * @param hidden Size between the layers, 4 D in every released model.
   * @param options Initialisation.
   */
  constructor(width: number, hidden: number, options: MlpOptions = {}) {
    super();
    this.fc1 = new Linear(width, hidden, options);
    this.fc2 = new Linear(hidden, width, options);
  }

  /** `[..., D]` to `[..., D]`. */
  forward(x: Tensor): Tensor {
    return this.fc2.forward(gelu(this.fc1.forward(x)));
  }

  /** Cost of a pass over this many rows: GELU keeps its input. */
  cost(rows: number): Cost {
    const hidden = keeping(rows * this.fc1.weight.shape[0]);
    return sumCosts([this.fc1.cost(rows), hidden, this.fc2.cost(rows)]);
  }
}

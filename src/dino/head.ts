import { type Cost, keeping, sumCosts } from "../nn/cost.ts";
import { gelu, linear, normalize, weightNorm } from "../nn/functional.ts";
import { fanInUniform } from "../nn/init.ts";
import { Linear } from "../nn/linear.ts";
import { Module, parameter } from "../nn/module.ts";
import { ones } from "../tensor/create.ts";
import type { Generator } from "../tensor/random.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** The sizes of a {@linkcode DinoHead}. */
export interface DinoHeadOptions {
  /** Prototypes K. */
  prototypes: number;
  /** Width of the hidden layers. Default: 2048. */
  hiddenDim?: number;
  /** Width of the bottleneck. Default: 256. */
  bottleneckDim?: number;
  /** Linear layers before the prototypes. Default: 3. */
  nlayers?: number;
  /** Where the initial weights come from. Default: libtorch's global generator. */
  generator?: Generator;
}

/** The prototypes: a linear layer whose rows are directions times lengths. Both learn, and both are decayed. */
export class Prototypes extends Module {
  /** Lengths, `[K, 1]`. Start at 1. */
  weightG: Tensor;
  /** Directions, `[K, bottleneck]`, of any length. */
  weightV: Tensor;

  /** Draws the directions as PyTorch initialises a linear layer: the reference makes them after its own pass. */
  constructor(bottleneckDim: number, prototypes: number, options: { generator?: Generator } = {}) {
    super();
    this.weightG = parameter(ones([prototypes, 1]));
    this.weightV = parameter(fanInUniform([prototypes, bottleneckDim], bottleneckDim, options));
  }

  /** `[..., bottleneck]` to `[..., K]`. */
  forward(x: Tensor): Tensor {
    return linear(x, weightNorm(this.weightV, this.weightG));
  }

  /** Cost of a pass over this many rows: inputs and the weights of unit length are kept. */
  cost(rows: number): Cost {
    const { numel, shape: [, bottleneck] } = this.weightV;
    return { flops: 2 * rows * numel, kept: rows * bottleneck + numel };
  }
}

/**
 * Projects tokens to logits over prototypes: an MLP with GELU, a bottleneck of unit length, the prototypes
 * (reference: `dinov2/layers/dino_head.py`).
 */
export class DinoHead extends Module {
  /** The linear layers, at the even places: the reference's sequence holds its activations at the odd ones. */
  mlp: Linear | (Linear | null)[];
  /** From the bottleneck to the prototypes. */
  lastLayer: Prototypes;

  /** Builds the head on the CPU with the reference's initialisation. */
  constructor(inDim: number, options: DinoHeadOptions) {
    super();
    const { prototypes, hiddenDim = 2048, bottleneckDim = 256, nlayers = 3, generator } = options;
    const widths = [inDim, ...Array(nlayers - 1).fill(hiddenDim), bottleneckDim];
    const layers = Array.from(
      { length: nlayers },
      (_, i) => new Linear(widths[i], widths[i + 1], { generator }),
    );
    this.mlp = nlayers === 1 ? layers[0] : layers.flatMap((layer) => [layer, null]).slice(0, -1);
    this.lastLayer = new Prototypes(bottleneckDim, prototypes, { generator });
  }

  /** `[..., inDim]` to logits `[..., K]`. */
  forward(x: Tensor): Tensor {
    return this.lastLayer.forward(this.embed(x));
  }

  /** Cost of a pass over this many rows. */
  cost(rows: number): Cost {
    const layers = [this.mlp].flat().filter((layer) => layer !== null);
    const outputs = layers.map(({ weight }) => keeping(rows * weight.shape[0])); // of GELU and the unit length
    return sumCosts([
      ...layers.map((layer) => layer.cost(rows)),
      ...outputs,
      this.lastLayer.cost(rows),
    ]);
  }

  /** `[..., inDim]` to the bottleneck, vectors of length 1, `[..., bottleneck]`. */
  embed(x: Tensor): Tensor {
    const layers = this.mlp instanceof Linear ? [this.mlp] : this.mlp;
    for (const layer of layers) x = layer === null ? gelu(x) : layer.forward(x);
    return normalize(x);
  }
}

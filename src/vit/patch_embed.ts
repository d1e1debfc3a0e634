import type { Cost } from "../nn/cost.ts";
import { linear } from "../nn/functional.ts";
import { fanInUniform } from "../nn/init.ts";
import { Module, parameter } from "../nn/module.ts";
import type { Generator } from "../tensor/random.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** Options of {@linkcode PatchProjection} and {@linkcode PatchEmbed}. */
export interface PatchEmbedOptions {
  /** Channels of an image. Default: 3. */
  inChans?: number;
  /** Where the initial weights come from. Default: libtorch's global generator. */
  generator?: Generator;
}

/** The convolution of {@linkcode PatchEmbed}, whose kernel and stride are one patch. */
export class PatchProjection extends Module {
  /** `[D, C, P, P]`. */
  weight: Tensor;
  /** `[D]`. */
  bias: Tensor;

  /**
   * Draws weights and biases, both uniform within the inverse root of the values in a patch.
   *
   * @param patchSize Side P of a patch in pixels.
   * @param embedDim Width D of a token.
   * @param options Channels and initialisation.
   */
  constructor(patchSize: number, embedDim: number, options: PatchEmbedOptions = {}) {
    super();
    const { inChans = 3, generator } = options;
    const fanIn = inChans * patchSize ** 2;
    const shape = [embedDim, inChans, patchSize, patchSize];
    this.weight = parameter(fanInUniform(shape, fanIn, { generator }));
    this.bias = parameter(fanInUniform([embedDim], fanIn, { generator }));
  }

  /**
   * `[B, C, H, W]` to `[B, N, D]`, patches row by row. A product of matrices: patches do not overlap, and for images of
   * 32 pixels a convolution takes more than three times as long forward and backward, for those of 224 about as long.
   *
   * @param images Images with sides in whole patches.
   * @param grid Rows and columns of patches; see {@linkcode PatchEmbed.grid}.
   */
  forward(images: Tensor, [rows, columns]: readonly [number, number]): Tensor {
    const [batch, channels] = images.shape;
    const patch = this.weight.shape[2];
    const pixels = images.reshape([batch, channels, rows, patch, columns, patch])
      .permute([0, 2, 4, 1, 3, 5]).reshape([batch, rows * columns, channels * patch ** 2]); // [B, N, C P P]
    return linear(pixels, this.weight.flatten(1, 3), this.bias); // [B, N, D]
  }
}

/** Cuts images into square patches and maps each to a token. */
export class PatchEmbed extends Module {
  /** From pixels to tokens. */
  proj: PatchProjection;
  readonly #patchSize: number;
  readonly #inChans: number;

  /**
   * Draws the weights.
   *
   * @param patchSize Side P of a patch in pixels.
   * @param embedDim Width D of a token.
   * @param options Channels and initialisation.
   */
  constructor(patchSize: number, embedDim: number, options: PatchEmbedOptions = {}) {
    super();
    this.proj = new PatchProjection(patchSize, embedDim, options);
    this.#patchSize = patchSize;
    this.#inChans = options.inChans ?? 3;
  }

  /**
   * The patches of an image of this shape.
   *
   * @param shape `[B, C, H, W]`.
   * @returns Rows and columns of patches.
   * @throws {TypeError} If the shape is not that of a batch of images with sides in whole patches.
   */
  grid(shape: readonly number[]): [number, number] {
    const [batch, channels, height, width] = shape;
    if (shape.length !== 4 || batch === 0 || channels !== this.#inChans) {
      throw new TypeError(
        `Cannot embed images of shape [${
          shape.join(", ")
        }]: expected [batch, ${this.#inChans}, height, width]`,
      );
    }
    const patch = this.#patchSize;
    if (height % patch !== 0 || width % patch !== 0 || height * width === 0) {
      const [low, high] = [patch * Math.floor(height / patch), patch * Math.ceil(height / patch)];
      throw new TypeError(
        `Cannot cut images of ${height} x ${width} pixels into patches of ${patch}: ` +
          `both sides must be multiples of ${patch}, such as ${low || high} or ${high || patch}`,
      );
    }
    return [height / patch, width / patch];
  }

  /** `[B, C, H, W]` to `[B, N, D]`, patches row by row. */
  forward(images: Tensor): Tensor {
    return this.proj.forward(images, this.grid(images.shape));
  }

  /** Cost of a pass over this many patches: their pixels are kept. */
  cost(patches: number): Cost {
    const { weight, bias } = this.proj;
    return { flops: 2 * patches * weight.numel, kept: patches * weight.numel / bias.numel };
  }
}

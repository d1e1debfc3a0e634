import type { Preprocessing } from "../backbone/preprocessing.ts";
import type { Normalization } from "../data/augment/normalize.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { VisionTransformer } from "../vit/vision_transformer.ts";

/** A network that features are made by, as `loadBackbone` gives it. */
export interface FrozenBackbone {
  /** In evaluation mode, on the device of the images it will be given. */
  readonly model: VisionTransformer;
  /** What its images are normalised by. Default: ImageNet's. */
  readonly normalization?: Normalization;
  /** How its images are prepared. Default: as the reference does. */
  readonly preprocessing?: Pick<Preprocessing, "interpolation">;
  /** The file of its weights. */
  readonly path?: string;
}

/** What an embedding computes. */
export interface EmbeddingIdentity {
  /** What is made of the backbone's tokens. */
  readonly kind: string;
  /** The blocks whose tokens are taken, counted from 0. */
  readonly layers: readonly number[];
  /** Whether features are scaled to length 1. */
  readonly isNormalized: boolean;
  /** The network. */
  readonly backbone: FrozenBackbone;
}

/** Makes features of images. */
export interface Embedding {
  /** From `[B, C, S, S]`, bytes for RGB and float32 from 0 to 255 for others, to `[B, D]`, float32. */
  (images: Tensor): Tensor;
  /** What it computes, by which its features are known again. Without it they are not kept. */
  readonly identity?: EmbeddingIdentity;
}

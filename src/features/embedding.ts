import type { Preprocessing } from "../backbone/preprocessing.ts";
import { type Normalization, normalizeImages } from "../data/augment/normalize.ts";
import { normalize, upsampleBicubic2d } from "../nn/functional.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { VisionTransformer } from "../vit/vision_transformer.ts";

/** A network that computes features, as `loadBackbone` returns it. */
export interface FrozenBackbone {
  /** In evaluation mode, on the device of the images it will be given. */
  readonly model: VisionTransformer;
  /** What its images are normalised by. Default: ImageNet's. */
  readonly normalization?: Normalization;
  /** How its images are prepared. Default: as the reference does. */
  readonly preprocessing?: Pick<Preprocessing, "interpolation">;
  /** The file of its weights. */
  readonly path?: string;
  /** What that file calls the tensors that a parameter is made of, by the parameter's name. Default: the same. */
  readonly namesInFile?: ReadonlyMap<string, readonly string[]>;
}

/** What an embedding computes. */
export interface EmbeddingIdentity {
  /** What is computed from the backbone's tokens. */
  readonly kind: string;
  /** The blocks whose tokens are taken, counted from 0. */
  readonly layers: readonly number[];
  /** Whether features are scaled to length 1. */
  readonly isNormalized: boolean;
  /** The network. */
  readonly backbone: FrozenBackbone;
}

/** Computes features of images. */
export interface Embedding {
  /** From `[B, C, S, S]`, bytes for RGB and float32 from 0 to 255 for others, to `[B, D]`, float32. */
  (images: Tensor): Tensor;
  /** What it computes, which identifies its features. Without it they are not cached. */
  readonly identity?: EmbeddingIdentity;
}

/** What can be computed from an image's tokens, all after the final norm. */
export const featureKinds = ["cls", "patch-mean", "patch-grid"] as const;

/** One of {@linkcode featureKinds}. */
export type FeatureKind = typeof featureKinds[number];

/** Pixels of larger images say little more to a baseline and cost much. */
const PIXEL_SIDE = 32;

/**
 * Features by a backbone: its class token after the final norm, L2-normalised.
 *
 * Source: `dinov2/eval/utils.py`, `ModelWithNormalize`.
 *
 * @param backbone The network, and what its images are normalised by.
 */
export function backboneEmbedding(backbone: FrozenBackbone): Embedding {
  const token = tokenEmbedding(backbone, "cls");
  const identity = { ...token.identity!, isNormalized: true };
  return Object.assign((images: Parameters<Embedding>[0]) => normalize(token(images)), {
    identity,
  });
}

/**
 * Features by a backbone as they are, without normalisation to length 1: the class token or the mean of the patch tokens,
 * `[B, D]`, or the patch tokens as they lie in the image, `[B, D, rows, columns]`.
 *
 * @param backbone The network, and what its images are normalised by.
 * @param kind Which.
 */
export function tokenEmbedding(backbone: FrozenBackbone, kind: FeatureKind): Embedding {
  const { model, normalization } = backbone;
  const embed: Embedding = (images) => {
    const pixels = normalizeImages(images, normalization);
    if (kind === "cls") return model.forward(pixels);
    const { xNormPatchtokens } = model.forwardFeatures(pixels);
    if (kind === "patch-mean") return xNormPatchtokens.mean(1);
    const [rows, columns] = model.patchEmbed.grid(images.shape);
    const [batch, , width] = xNormPatchtokens.shape;
    return xNormPatchtokens.transpose(1, 2).reshape([batch, width, rows, columns]);
  };
  const layers = [model.options.depth - 1];
  return Object.assign(embed, { identity: { kind, layers, isNormalized: false, backbone } });
}

/**
 * The pixels themselves as features, L2-normalised: what any learned feature should beat. Images of more than 32 pixels
 * are shrunk to 32.
 *
 * @param normalization What images are normalised by. Default: ImageNet's.
 */
export function pixelEmbedding(normalization?: Normalization): Embedding {
  return (images) => {
    const pixels = normalizeImages(images, normalization); // [B, C, S, S]
    const small = images.shape[2] > PIXEL_SIDE
      ? upsampleBicubic2d(pixels, [PIXEL_SIDE, PIXEL_SIDE], { antialias: true })
      : pixels;
    return normalize(small.flatten(1)); // [B, C · 32 · 32]
  };
}

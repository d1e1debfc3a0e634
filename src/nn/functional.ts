/**
 * Network operators without state, over libtorch's; shapes as PyTorch's functions of the same
 * names.
 */
import { NONE } from "../ffi/handle.ts";
import * as ops from "../ffi/ops.gen.ts";
import { Tensor } from "../tensor/tensor.ts";

/**
 * `x @ weightᵀ + bias` over the last dimension: `[..., in]` to `[..., out]`, weight `[out, in]`.
 */
export function linear(x: Tensor, weight: Tensor, bias: Tensor | null = null): Tensor {
  return Tensor.wrap(ops.linear(x.handle, weight.handle, bias?.handle ?? NONE));
}

/** Options of {@linkcode layerNorm}. */
export interface LayerNormOptions {
  /** Scale, `[D]`. Default: none. */
  weight?: Tensor;
  /** Shift, `[D]`. Default: none. */
  bias?: Tensor;
  /** Added to the variance. Default: 1e-6, the value of every norm of the reference. */
  eps?: number;
}

/**
 * Normalises the last dimension, of size `width`, to mean 0 and variance 1, then scales and shifts.
 */
export function layerNorm(x: Tensor, width: number, options: LayerNormOptions = {}): Tensor {
  const { weight, bias, eps = 1e-6 } = options;
  return Tensor.wrap(
    ops.layerNorm(x.handle, [width], weight?.handle ?? NONE, bias?.handle ?? NONE, eps),
  );
}

/** The exact Gaussian error linear unit, `x Φ(x)` with the error function. */
export function gelu(x: Tensor): Tensor {
  return Tensor.wrap(ops.gelu(x.handle));
}

/** `x sigmoid(x)`. */
export function silu(x: Tensor): Tensor {
  return Tensor.wrap(ops.silu(x.handle));
}

/** Exponentials over their sum along `dim`. */
export function softmax(x: Tensor, dim: number): Tensor {
  return x.softmax(dim);
}

/** The logarithm of {@linkcode softmax}, stable for large inputs. */
export function logSoftmax(x: Tensor, dim: number): Tensor {
  return x.logSoftmax(dim);
}

/**
 * `softmax(q kᵀ / √d) v` for `q`, `k`, `v` of shape `[B, H, N, d]`, by libtorch's fastest kernel.
 */
export function scaledDotProductAttention(q: Tensor, k: Tensor, v: Tensor): Tensor {
  return Tensor.wrap(ops.scaledDotProductAttention(q.handle, k.handle, v.handle));
}

/** Options of {@linkcode conv2d}. */
export interface Conv2dOptions {
  /** Added to each output channel, `[out]`. Default: none. */
  bias?: Tensor;
  /** Step between windows, rows and columns alike. Default: 1. */
  stride?: number;
  /** Zeros added on every side. Default: 0. */
  padding?: number;
  /** Parts into which channels are divided, each convolved on its own. Default: 1. */
  groups?: number;
}

/** Convolves images `[B, in, H, W]` with `weight` `[out, in / groups, h, w]`. */
export function conv2d(x: Tensor, weight: Tensor, options: Conv2dOptions = {}): Tensor {
  const { bias, stride = 1, padding = 0, groups = 1 } = options;
  return Tensor.wrap(
    ops.conv2d(
      x.handle,
      weight.handle,
      bias?.handle ?? NONE,
      [stride, stride],
      [padding, padding],
      [1, 1],
      groups,
    ),
  );
}

/** Sides of {@linkcode zeroPad2d} in pixels. */
export interface Padding2d {
  /** Columns before the first. */
  left: number;
  /** Columns behind the last. */
  right: number;
  /** Rows above the first. */
  top: number;
  /** Rows below the last. */
  bottom: number;
}

/** Surrounds images `[…, H, W]` with zeros. */
export function zeroPad2d(x: Tensor, padding: Padding2d): Tensor {
  const { left, right, top, bottom } = padding;
  return Tensor.wrap(ops.constantPadNd(x.handle, [left, right, top, bottom], 0));
}

/** Surrounds images `[B, C, H, W]` with their own pixels, mirrored at the outermost ones. */
export function reflectionPad2d(x: Tensor, padding: Padding2d): Tensor {
  const { left, right, top, bottom } = padding;
  return Tensor.wrap(ops.reflectionPad2d(x.handle, [left, right, top, bottom]));
}

/** Options of {@linkcode normalize}. */
export interface NormalizeOptions {
  /** The dimension along which vectors lie. Default: -1. */
  dim?: number;
  /** Least divisor, so that a zero vector stays zero. Default: 1e-12. */
  eps?: number;
}

/** Divides vectors by their Euclidean length, at least `eps`. */
export function normalize(x: Tensor, options: NormalizeOptions = {}): Tensor {
  const { dim = -1, eps = 1e-12 } = options;
  return x.div(x.norm({ dim, keepdim: true }).clamp({ min: eps }));
}

/** Options of {@linkcode upsampleBicubic2d}. */
export interface UpsampleBicubic2dOptions {
  /**
   * Output over input size, rows then columns, from which source coordinates are computed. Default:
   * the ratio of the sizes.
   */
  scales?: readonly [number, number];
  /**
   * Filters as Pillow does (A = -0.5, wider when shrinking) instead of 4 taps (A = -0.75). Default:
   * false.
   */
  antialias?: boolean;
}

/** Resizes images `[B, C, H, W]` to `size`, rows then columns, by cubic convolution. */
export function upsampleBicubic2d(
  x: Tensor,
  size: readonly [number, number],
  options: UpsampleBicubic2dOptions = {},
): Tensor {
  const { scales, antialias = false } = options;
  const resize = antialias ? ops._upsampleBicubic2dAa : ops.upsampleBicubic2d;
  return Tensor.wrap(resize(x.handle, size, false, scales?.[0], scales?.[1]));
}

/** Resizes images `[B, C, H, W]` to `size`, rows then columns, between the centres of four pixels at a time. */
export function upsampleBilinear2d(x: Tensor, size: readonly [number, number]): Tensor {
  return Tensor.wrap(ops.upsampleBilinear2d(x.handle, size, false));
}

/** How {@linkcode gridSample} takes a value: from four pixels around, or from the nearest. */
export type Sampling = "bilinear" | "nearest";

/** The numbers by which libtorch knows how to sample, and what lies outside. */
const SAMPLING: Readonly<Record<Sampling, number>> = { bilinear: 0, nearest: 1 }, ZEROS = 0;

/**
 * Takes images `[B, C, H, W]` at the places of a grid, `[B, h, w, 2]`: column and row, from -1 to 1 between the middles of the
 * outermost pixels; what lies outside is 0.
 */
export function gridSample(x: Tensor, grid: Tensor, mode: Sampling): Tensor {
  return Tensor.wrap(ops.gridSampler(x.handle, grid.handle, SAMPLING[mode], ZEROS, true));
}

/** For labels of any shape (int64) a last dimension of `numClasses`, with 1 at the label and 0 elsewhere (int64). */
export function oneHot(labels: Tensor, numClasses: number): Tensor {
  return Tensor.wrap(ops.oneHot(labels.handle, numClasses));
}

/** Rows of `v` `[K, D]` brought to the lengths `g` `[K, 1]`: `g v / ‖v‖`. */
export function weightNorm(v: Tensor, g: Tensor): Tensor {
  const [weight, norms] = ops._weightNormInterface(v.handle, g.handle, 0).map(Tensor.wrap);
  norms.dispose();
  return weight;
}

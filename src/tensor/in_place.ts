import { type Handle, NONE } from "../ffi/handle.ts";
import * as ops from "../ffi/ops.gen.ts";
import { Shaping } from "./shaping.ts";

/** A source of random numbers, such as `Generator` of `random.ts`. */
export interface RandomSource {
  /** The native object. */
  readonly handle: Handle;
}

/** Operations that write into the tensor and return it. Their names end in an underscore. */
export abstract class InPlace extends Shaping {
  /** `this += other` */
  add_(other: this | number): this {
    if (typeof other === "number") ops.add_Scalar(this.handle, other);
    else ops.add_Tensor(this.handle, other.handle);
    return this;
  }

  /** `this -= other` */
  sub_(other: this | number): this {
    if (typeof other === "number") ops.sub_Scalar(this.handle, other);
    else ops.sub_Tensor(this.handle, other.handle);
    return this;
  }

  /** `this *= other` */
  mul_(other: this | number): this {
    if (typeof other === "number") ops.mul_Scalar(this.handle, other);
    else ops.mul_Tensor(this.handle, other.handle);
    return this;
  }

  /** `this /= other` */
  div_(other: this | number): this {
    if (typeof other === "number") ops.div_Scalar(this.handle, other);
    else ops.div_Tensor(this.handle, other.handle);
    return this;
  }

  /** `this += value * a * b` */
  addcmul_(a: this, b: this, options: { value?: number } = {}): this {
    ops.addcmul_(this.handle, a.handle, b.handle, options.value ?? 1);
    return this;
  }

  /** Moves each element by `weight` of its way to `end`. */
  lerp_(end: this, weight: number): this {
    ops.lerp_Scalar(this.handle, end.handle, weight);
    return this;
  }

  /** Limits each element to a range; a bound not given does not limit. */
  clamp_(options: { min?: number; max?: number }): this {
    ops.clamp_(this.handle, options.min ?? null, options.max ?? null);
    return this;
  }

  /** Rounds each element to the nearest whole number, halves to even. */
  round_(): this {
    ops.round_(this.handle);
    return this;
  }

  /** Rounds each element down. */
  floor_(): this {
    ops.floor_(this.handle);
    return this;
  }

  /** Takes over the values of `source`, converting type and device as needed. */
  copy_(source: this): this {
    ops.copy_(this.handle, source.handle);
    return this;
  }

  /** Sets every element to 0. */
  zero_(): this {
    ops.zero_(this.handle);
    return this;
  }

  /** Sets every element to `value`. */
  fill_(value: number): this {
    ops.fill_Scalar(this.handle, value);
    return this;
  }

  /** Sets elements to `value` wherever `mask` is true. */
  maskedFill_(mask: this, value: number): this {
    ops.maskedFill_Scalar(this.handle, mask.handle, value);
    return this;
  }

  /** Writes the slices of `source` to the indices of a dimension that `index` (int64) lists. */
  indexCopy_(dim: number, index: this, source: this): this {
    ops.indexCopy_(this.handle, dim, index.handle, source.handle);
    return this;
  }

  /** Adds `alpha` (default 1) times the slices of `source` to the indices that `index` (int64) lists. */
  indexAdd_(dim: number, index: this, source: this, options: { alpha?: number } = {}): this {
    ops.indexAdd_(this.handle, dim, index.handle, source.handle, options.alpha ?? 1);
    return this;
  }

  /** Draws every element from a normal distribution. Default: mean 0, standard deviation 1. */
  normal_(options: { mean?: number; std?: number; generator?: RandomSource } = {}): this {
    ops.normal_(this.handle, options.mean, options.std, options.generator?.handle ?? NONE);
    return this;
  }

  /** Draws every element uniformly from `from` (inclusive, default 0) to `to` (exclusive, default 1). */
  uniform_(options: { from?: number; to?: number; generator?: RandomSource } = {}): this {
    ops.uniform_(this.handle, options.from, options.to, options.generator?.handle ?? NONE);
    return this;
  }
}

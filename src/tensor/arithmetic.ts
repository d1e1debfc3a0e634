import * as ops from "../ffi/ops.gen.ts";
import { TensorBase } from "./base.ts";

/** Elementwise mathematics, comparison, and matrix products. Shapes broadcast as in PyTorch. */
export abstract class Arithmetic extends TensorBase {
  /** `this + other` */
  add(other: this | number): this {
    return this.wrap(
      typeof other === "number"
        ? ops.addScalar(this.handle, other)
        : ops.addTensor(this.handle, other.handle),
    );
  }

  /** `this - other` */
  sub(other: this | number): this {
    return this.wrap(
      typeof other === "number"
        ? ops.subScalar(this.handle, other)
        : ops.subTensor(this.handle, other.handle),
    );
  }

  /** `this * other` */
  mul(other: this | number): this {
    return this.wrap(
      typeof other === "number"
        ? ops.mulScalar(this.handle, other)
        : ops.mulTensor(this.handle, other.handle),
    );
  }

  /** `this / other`, with fractions also for integers. */
  div(other: this | number): this {
    return this.wrap(
      typeof other === "number"
        ? ops.divScalar(this.handle, other)
        : ops.divTensor(this.handle, other.handle),
    );
  }

  /** `this ** exponent` */
  pow(exponent: this | number): this {
    return this.wrap(
      typeof exponent === "number"
        ? ops.powTensorScalar(this.handle, exponent)
        : ops.powTensorTensor(this.handle, exponent.handle),
    );
  }

  /** The remainder of the division by `divisor`, with the divisor's sign. */
  remainder(divisor: number): this {
    return this.wrap(ops.remainderScalar(this.handle, divisor));
  }

  /** `this + value * a * b` in one pass. */
  addcmul(a: this, b: this, options: { value?: number } = {}): this {
    return this.wrap(ops.addcmul(this.handle, a.handle, b.handle, options.value ?? 1));
  }

  /** `this + weight * (end - this)` */
  lerp(end: this, weight: number): this {
    return this.wrap(ops.lerpScalar(this.handle, end.handle, weight));
  }

  /** `-this` */
  neg(): this {
    return this.wrap(ops.neg(this.handle));
  }

  /** e to the power of each element. */
  exp(): this {
    return this.wrap(ops.exp(this.handle));
  }

  /** The natural logarithm. */
  log(): this {
    return this.wrap(ops.log(this.handle));
  }

  /** The square root. */
  sqrt(): this {
    return this.wrap(ops.sqrt(this.handle));
  }

  /** One over the square root. */
  rsqrt(): this {
    return this.wrap(ops.rsqrt(this.handle));
  }

  /** One over each element. */
  reciprocal(): this {
    return this.wrap(ops.reciprocal(this.handle));
  }

  /** The absolute value. */
  abs(): this {
    return this.wrap(ops.abs(this.handle));
  }

  /** The logistic function. */
  sigmoid(): this {
    return this.wrap(ops.sigmoid(this.handle));
  }

  /** The hyperbolic tangent. */
  tanh(): this {
    return this.wrap(ops.tanh(this.handle));
  }

  /** The sine of an angle in radians. */
  sin(): this {
    return this.wrap(ops.sin(this.handle));
  }

  /** The cosine of an angle in radians. */
  cos(): this {
    return this.wrap(ops.cos(this.handle));
  }

  /** The largest whole number not above each element. */
  floor(): this {
    return this.wrap(ops.floor(this.handle));
  }

  /** The nearest whole number, halves to even. */
  round(): this {
    return this.wrap(ops.round(this.handle));
  }

  /** Each element without its fraction. */
  trunc(): this {
    return this.wrap(ops.trunc(this.handle));
  }

  /** Each element limited to a range; a bound not given does not limit. */
  clamp(options: { min?: number; max?: number }): this {
    return this.wrap(ops.clamp(this.handle, options.min ?? null, options.max ?? null));
  }

  /** The larger of two elements. */
  maximum(other: this): this {
    return this.wrap(ops.maximum(this.handle, other.handle));
  }

  /** The smaller of two elements. */
  minimum(other: this): this {
    return this.wrap(ops.minimum(this.handle, other.handle));
  }

  /** `value` wherever `mask` is true, this tensor elsewhere. */
  maskedFill(mask: this, value: number): this {
    return this.wrap(ops.maskedFillScalar(this.handle, mask.handle, value));
  }

  /** Where the elements are equal. */
  eq(other: this | number): this {
    return this.wrap(
      typeof other === "number"
        ? ops.eqScalar(this.handle, other)
        : ops.eqTensor(this.handle, other.handle),
    );
  }

  /** Where the elements differ. */
  ne(other: this | number): this {
    return this.wrap(
      typeof other === "number"
        ? ops.neScalar(this.handle, other)
        : ops.neTensor(this.handle, other.handle),
    );
  }

  /** Where this is less. */
  lt(other: this | number): this {
    return this.wrap(
      typeof other === "number"
        ? ops.ltScalar(this.handle, other)
        : ops.ltTensor(this.handle, other.handle),
    );
  }

  /** Where this is at most as large. */
  le(other: this | number): this {
    return this.wrap(
      typeof other === "number"
        ? ops.leScalar(this.handle, other)
        : ops.leTensor(this.handle, other.handle),
    );
  }

  /** Where this is greater. */
  gt(other: this | number): this {
    return this.wrap(
      typeof other === "number"
        ? ops.gtScalar(this.handle, other)
        : ops.gtTensor(this.handle, other.handle),
    );
  }

  /** Where this is at least as large. */
  ge(other: this | number): this {
    return this.wrap(
      typeof other === "number"
        ? ops.geScalar(this.handle, other)
        : ops.geTensor(this.handle, other.handle),
    );
  }

  /** Where the element is false or zero. */
  logicalNot(): this {
    return this.wrap(ops.logicalNot(this.handle));
  }

  /** Where both are true or not zero. */
  logicalAnd(other: this): this {
    return this.wrap(ops.logicalAnd(this.handle, other.handle));
  }

  /** Where the element is neither infinite nor NaN. */
  isfinite(): this {
    return this.wrap(ops.isfinite(this.handle));
  }

  /**
   * The matrix product over the last two dimensions: `[..., n, k] x [..., k, m]` gives `[..., n, m]`.
   *
   * @throws {TypeError} When the inner sizes differ.
   */
  matmul(other: this): this {
    const inner = this.shape.at(-1), outer = other.shape.at(other.ndim > 1 ? -2 : -1);
    if (inner !== outer) {
      throw new TypeError(
        `Cannot multiply matrices of shape [${this.shape.join(", ")}] and [${
          other.shape.join(", ")
        }]: inner sizes ${inner} and ${outer} differ`,
      );
    }
    return this.wrap(ops.matmul(this.handle, other.handle));
  }
}

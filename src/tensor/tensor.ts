import { produced, succeeded } from "../ffi/errors.ts";
import { type Handle, NONE } from "../ffi/handle.ts";
import { native } from "../ffi/library.ts";
import * as ops from "../ffi/ops.gen.ts";
import { type Device, deviceCode } from "./device.ts";
import { arrayFor, bytesPerElement, type DType, dtypeCode, type TypedArray } from "./dtype.ts";
import { InPlace } from "./in_place.ts";
import { format, nest, type NestedNumbers } from "./print.ts";

const scalar = new Float64Array(1);

/**
 * A multi-dimensional array of numbers that lives in libtorch, on the CPU or on a CUDA device.
 *
 * Made by the functions of `create.ts` and `random.ts` and by its own operations, freed by the
 * {@linkcode scope} it was made in or by {@linkcode Tensor.dispose}.
 */
export class Tensor extends InPlace {
  /** @internal Wraps the native result of a raw operator. */
  static wrap(handle: Handle): Tensor {
    return new Tensor(handle);
  }

  /** Wraps the native result of an operation on this tensor. */
  protected override wrap(handle: Handle): this {
    return new Tensor(handle) as this;
  }

  /** The tensor in another type or on another device; itself, newly wrapped, when nothing changes. */
  to(options: { dtype?: DType; device?: Device }): this {
    const device = deviceCode(options.device);
    return this.wrap(ops.toDtypeLayout(this.handle, dtypeCode(options.dtype), device));
  }

  /** A copy that shares no memory. Gradients flow through it. */
  clone(): this {
    return this.wrap(ops.clone(this.handle));
  }

  /** The same values outside the graph: gradients do not flow through. Shares memory. */
  detach(): this {
    return this.wrap(ops.detach(this.handle));
  }

  /**
   * The value of a one-element tensor. Waits for the device.
   *
   * @throws {TypeError} When it has more or fewer elements.
   */
  item(): number {
    if (this.numel !== 1) {
      throw new TypeError(
        `Cannot read one number from a tensor of shape [${this.shape.join(", ")}]: ` +
          "reduce it first, or read all with toArray()",
      );
    }
    succeeded(native.deino_item(this.handle, scalar), "item()");
    return scalar[0];
  }

  /**
   * All values, row by row, in a typed array of the tensor's type; int64 gives a `BigInt64Array`, bool a
   * `Uint8Array`, bfloat16 a `Float32Array`. Waits for the device.
   */
  toArray(): TypedArray {
    if (this.dtype === "bfloat16") {
      using widened = this.to({ dtype: "float32" });
      return widened.toArray();
    }
    const array = arrayFor(this.dtype, this.numel);
    const bytes = BigInt(this.numel * bytesPerElement(this.dtype));
    succeeded(native.deino_to_data(this.handle, array, bytes), "toArray()");
    return array;
  }

  /** All values as nested arrays of numbers; a number for a tensor without dimensions. */
  toList(): NestedNumbers {
    return nest(Array.from(this.toArray() as ArrayLike<number | bigint>, Number), this.shape);
  }

  /** A readable excerpt: type, shape, device and the first and last values of each dimension. */
  override toString(): string {
    return format(this.toList(), { dtype: this.dtype, shape: this.shape, device: this.device });
  }

  /** What `console.log` shows. */
  [Symbol.for("Deno.customInspect")](): string {
    return this.disposed ? "Tensor (disposed)" : this.toString();
  }

  /** Whether gradients are computed for this tensor. */
  get requiresGrad(): boolean {
    return succeeded(native.deino_requires_grad(this.handle), "requiresGrad") === 2;
  }

  /** Asks for gradients, or forgoes them. Only leaves of a graph, of a floating type, can be changed. */
  set requiresGrad(on: boolean) {
    succeeded(native.deino_set_requires_grad(this.handle, on), "requiresGrad");
  }

  /** The gradient that `backward()` has accumulated here, or `null`. Set it to `null` to reset it. */
  get grad(): Tensor | null {
    const handle = produced(native.deino_grad(this.handle), "grad");
    return handle === NONE ? null : new Tensor(handle);
  }

  set grad(gradient: Tensor | null) {
    succeeded(native.deino_set_grad(this.handle, gradient?.handle ?? NONE), "grad");
  }

  /**
   * Computes the gradients of this tensor with respect to every leaf that asks for them, and adds them to
   * the leaves' `grad`. A tensor of several elements needs the `gradient` to begin with.
   */
  backward(options: { gradient?: Tensor; retainGraph?: boolean } = {}): void {
    const { gradient, retainGraph = false } = options;
    succeeded(
      native.deino_backward(this.handle, gradient?.handle ?? NONE, retainGraph),
      "backward",
    );
  }
}

import { succeeded } from "../ffi/errors.ts";
import { type Handle, NONE } from "../ffi/handle.ts";
import { native } from "../ffi/library.ts";
import { type Device, deviceName } from "./device.ts";
import { type DType, dtypeName, numel } from "./dtype.ts";
import { register } from "./scope.ts";
import { forgetOrigin, noteOrigin } from "./trace.ts";

const MAX_DIMS = 64;
const described = new BigInt64Array(MAX_DIMS + 2);

/**
 * What every tensor has whatever it is used for: a native object, its shape, type and device, and disposal.
 * The operations are added layer by layer: {@linkcode Arithmetic}, {@linkcode Reductions},
 * {@linkcode Shaping}, {@linkcode InPlace}, and at last {@linkcode Tensor}.
 */
export abstract class TensorBase {
  #handle: Handle;
  #shape: readonly number[] | undefined;
  #dtype: DType | undefined;
  #device: Device | undefined;

  /** @internal Takes over a native tensor; the innermost open scope will free it. */
  constructor(handle: Handle) {
    this.#handle = handle;
    register(this);
    noteOrigin(this);
  }

  /** Wraps the native result of an operation as a tensor of the same class. */
  protected abstract wrap(handle: Handle): this;

  /**
   * The native object, for raw operators.
   *
   * @throws {TypeError} When the tensor was disposed of.
   */
  get handle(): Handle {
    if (this.#handle === NONE) {
      throw new TypeError(
        "Cannot use this tensor: it was disposed of, by hand or by the scope it was made in. " +
          "Return it from the scope, or keep(tensor) it, to use it later",
      );
    }
    return this.#handle;
  }

  /** The length of each dimension. */
  get shape(): readonly number[] {
    if (this.#shape === undefined) this.#describe();
    return this.#shape!;
  }

  /** The type of the elements. */
  get dtype(): DType {
    if (this.#dtype === undefined) this.#describe();
    return this.#dtype!;
  }

  /** Where the elements are. */
  get device(): Device {
    if (this.#device === undefined) this.#describe();
    return this.#device!;
  }

  /** The number of dimensions. */
  get ndim(): number {
    return this.shape.length;
  }

  /** The number of elements. */
  get numel(): number {
    return numel(this.shape);
  }

  /** Whether the tensor was disposed of. */
  get disposed(): boolean {
    return this.#handle === NONE;
  }

  /** Disposes of the tensor. Its memory is freed when no view and no graph needs it. */
  dispose(): void {
    if (this.#handle === NONE) return;
    native.deino_free(this.#handle);
    this.#handle = NONE;
    forgetOrigin(this);
  }

  /** Disposes of the tensor at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  #describe(): void {
    const dims = succeeded(
      native.deino_describe(this.handle, described, described.length),
      "shape, dtype or device",
    ) - 1;
    this.#dtype = dtypeName(Number(described[0]));
    this.#device = deviceName(Number(described[1]));
    this.#shape = Array.from(described.subarray(2, 2 + dims), Number);
  }
}

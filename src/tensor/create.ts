import { produced } from "../ffi/errors.ts";
import { native } from "../ffi/library.ts";
import { ints } from "../ffi/marshal.ts";
import * as ops from "../ffi/ops.gen.ts";
import { type Device, deviceCode, placeCode } from "./device.ts";
import { arrayFor, type DType, dtypeCode, dtypeOf, numel, type TypedArray } from "./dtype.ts";
import { Tensor } from "./tensor.ts";

/** Options of every function that makes a tensor. */
export interface CreateOptions {
  /** The type of the elements. Default: float32, or that of the data given. */
  dtype?: DType;
  /** Where the tensor lives. Default: the CPU. */
  device?: Device;
}

/** What a tensor can be made from. */
export type TensorData = number | boolean | TypedArray | readonly TensorData[];

/**
 * A tensor from a number, nested arrays of numbers or booleans, or a typed array. Typed arrays keep their
 * type, booleans become bool, other numbers float32, unless `dtype` says otherwise.
 *
 * The values are copied at once, and the data may be changed afterwards. To a CUDA device they go by page-locked memory, in
 * the order of what is computed there: nobody waits for that.
 *
 * @throws {TypeError} When nested arrays are ragged, or the shape does not fit the data.
 */
export function tensor(
  data: TensorData,
  options: CreateOptions & { shape?: readonly number[] } = {},
): Tensor {
  if (ArrayBuffer.isView(data)) {
    return fromTyped(data as TypedArray, dtypeOf(data as TypedArray), options.shape, options);
  }
  const shape = shapeOf(data);
  const flat: (number | boolean)[] = [];
  flatten(data, shape, 0, flat);
  const source = typeof flat[0] === "boolean" ? "bool" : options.dtype === "float64" ||
      options.dtype?.startsWith("int")
    ? "float64" // exact for whole numbers up to 2^53, where float32 would round
    : "float32";
  const array = arrayFor(source, flat.length) as Float32Array;
  for (let i = 0; i < flat.length; i++) array[i] = Number(flat[i]);
  const dtype = options.dtype ?? (source === "bool" ? "bool" : "float32");
  return fromTyped(array, source, options.shape ?? shape, { ...options, dtype });
}

/** A tensor of zeros. */
export function zeros(shape: readonly number[], options: CreateOptions = {}): Tensor {
  return Tensor.wrap(ops.zeros(shape, dtypeCode(options.dtype), placeCode(options.device)));
}

/** A tensor of ones. */
export function ones(shape: readonly number[], options: CreateOptions = {}): Tensor {
  return Tensor.wrap(ops.ones(shape, dtypeCode(options.dtype), placeCode(options.device)));
}

/** A tensor filled with one number. float32 unless told otherwise. */
export function full(shape: readonly number[], value: number, options: CreateOptions = {}): Tensor {
  const dtype = dtypeCode(options.dtype ?? "float32");
  return Tensor.wrap(ops.full(shape, value, dtype, placeCode(options.device)));
}

/** An uninitialised tensor, to be written before it is read. */
export function empty(shape: readonly number[], options: CreateOptions = {}): Tensor {
  return Tensor.wrap(
    ops.emptyMemoryFormat(shape, dtypeCode(options.dtype), placeCode(options.device)),
  );
}

/** Zeros of the shape, type and device of another tensor. */
export function zerosLike(other: Tensor): Tensor {
  return Tensor.wrap(ops.zerosLike(other.handle));
}

/** Options of {@linkcode arange}. */
export interface RangeOptions extends CreateOptions {
  /** The first number. Default: 0. */
  start?: number;
  /** The distance between numbers. Default: 1. */
  step?: number;
}

/** Evenly spaced numbers up to `end` (exclusive). int64 when all are whole, else float32. */
export function arange(end: number, options: RangeOptions = {}): Tensor {
  const { start = 0, step = 1 } = options;
  const whole = [start, end, step].every(Number.isInteger);
  const dtype = dtypeCode(options.dtype ?? (whole ? "int64" : "float32"));
  return Tensor.wrap(ops.arangeStartStep(start, end, step, dtype, placeCode(options.device)));
}

/** `steps` evenly spaced numbers from `start` to `end`, both included. */
export function linspace(
  range: { start: number; end: number; steps: number },
  options: CreateOptions = {},
): Tensor {
  const { start, end, steps } = range;
  return Tensor.wrap(
    ops.linspace(start, end, steps, dtypeCode(options.dtype), placeCode(options.device)),
  );
}

/** The identity matrix. */
export function eye(size: number, options: CreateOptions = {}): Tensor {
  return Tensor.wrap(ops.eye(size, dtypeCode(options.dtype), placeCode(options.device)));
}

/** Tensors joined along a dimension they already have. */
export function cat(tensors: readonly Tensor[], dim = 0): Tensor {
  return Tensor.wrap(ops.cat(tensors.map((item) => item.handle), dim));
}

/** Tensors of one shape joined along a new dimension. */
export function stack(tensors: readonly Tensor[], dim = 0): Tensor {
  return Tensor.wrap(ops.stack(tensors.map((item) => item.handle), dim));
}

/** `a` where `condition` is true, `b` elsewhere. */
export function where(condition: Tensor, a: Tensor, b: Tensor): Tensor {
  return Tensor.wrap(ops.whereSelf(condition.handle, a.handle, b.handle));
}

function fromTyped(
  array: TypedArray,
  source: Exclude<DType, "bfloat16">,
  shape: readonly number[] = [array.length],
  options: CreateOptions,
): Tensor {
  const size = numel(shape);
  if (size !== array.length) {
    throw new TypeError(
      `Cannot shape ${array.length} values as [${shape.join(", ")}]: that takes ${size}`,
    );
  }
  const made = Tensor.wrap(
    produced(
      native.deino_from_data(
        new Uint8Array(array.buffer as ArrayBuffer, array.byteOffset, array.byteLength),
        BigInt(array.byteLength),
        ints(0, shape),
        shape.length,
        dtypeCode(source),
        deviceCode(options.device ?? "cpu"),
        true,
      ),
      "tensor",
    ),
  );
  if (options.dtype === undefined || options.dtype === source) return made;
  using raw = made;
  return raw.to({ dtype: options.dtype });
}

function shapeOf(data: TensorData): number[] {
  const shape: number[] = [];
  for (let level = data; Array.isArray(level); level = level[0]) {
    shape.push(level.length);
    if (level.length === 0) break;
  }
  return shape;
}

function flatten(
  data: TensorData,
  shape: readonly number[],
  dim: number,
  out: (number | boolean)[],
): void {
  if (dim === shape.length) {
    if (typeof data !== "number" && typeof data !== "boolean") {
      throw new TypeError(`Cannot make a tensor: a number is expected at depth ${dim}`);
    }
    out.push(data);
    return;
  }
  if (!Array.isArray(data) || data.length !== shape[dim]) {
    throw new TypeError(
      `Cannot make a tensor from ragged arrays: dimension ${dim} has ${
        shape[dim]
      } elements in one place ` +
        `and ${Array.isArray(data) ? data.length : "none"} in another`,
    );
  }
  for (const item of data) flatten(item, shape, dim + 1, out);
}

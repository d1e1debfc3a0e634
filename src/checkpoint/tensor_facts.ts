import { isCounts } from "../files/header_validation.ts";
import { bytesPerElement, type DType, numel } from "../tensor/dtype.ts";

/** What a tensor in a file is. */
export interface TensorFacts {
  /** The tensor's name. */
  readonly name: string;
  /** The type of its elements. */
  readonly dtype: DType;
  /** The length of each dimension. */
  readonly shape: readonly number[];
}

// libtorch's bounds.
const MAX_DIMS = 64;
const MAX_SIZE = Number.MAX_SAFE_INTEGER;

/** The bytes that a tensor's elements take. */
export function byteSize({ dtype, shape }: Omit<TensorFacts, "name">): number {
  return numel(shape) * bytesPerElement(dtype);
}

/** Whether libtorch can address a tensor of this shape, also an empty one, whose other sides may be absurd. */
export function isShape(value: unknown): value is number[] {
  if (!isCounts(value) || value.length > MAX_DIMS) return false;
  return value.reduce((product, length) => product * Math.max(1, length), 8) <= MAX_SIZE;
}

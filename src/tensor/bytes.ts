import { produced, succeeded } from "../ffi/errors.ts";
import { native } from "../ffi/library.ts";
import { ints } from "../ffi/marshal.ts";
import type { CreateOptions } from "./create.ts";
import { deviceCode } from "./device.ts";
import { bytesPerElement, dtypeCode, numel } from "./dtype.ts";
import { Tensor } from "./tensor.ts";

/**
 * A tensor from the little-endian bytes of its elements, row by row. The bytes are copied. This is how files
 * are read: it covers bfloat16, which has no typed array.
 *
 * @param bytes As many as the shape and type need; for bool each must be 0 or 1.
 * @param options Shape, type (default float32) and device (default CPU).
 * @throws {TypeError} When the number of bytes does not fit.
 */
export function tensorFromBytes(
  bytes: Uint8Array<ArrayBuffer>,
  options: CreateOptions & { shape: readonly number[] },
): Tensor {
  const { shape, dtype = "float32", device = "cpu" } = options;
  const needed = numel(shape) * bytesPerElement(dtype);
  if (bytes.length !== needed) {
    throw new TypeError(
      `Cannot make a ${dtype} tensor of shape [${shape.join(", ")}] from ${bytes.length} bytes: ` +
        `that takes ${needed}`,
    );
  }
  const handle = native.deino_from_data(
    bytes,
    BigInt(bytes.length),
    ints(0, shape),
    shape.length,
    dtypeCode(dtype),
    deviceCode(device),
    false,
  );
  return Tensor.wrap(produced(handle, "tensorFromBytes"));
}

/** The number of bytes {@linkcode copyBytes} writes for a tensor. */
export function byteLength(tensor: Tensor): number {
  return tensor.numel * bytesPerElement(tensor.dtype);
}

/**
 * Copies a tensor's elements, row by row and little-endian, to the start of a buffer. Waits for the device.
 *
 * @returns The part of the buffer that was written.
 * @throws {RangeError} When the buffer is too small.
 */
export function copyBytes(
  tensor: Tensor,
  buffer: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  const size = byteLength(tensor);
  if (buffer.length < size) {
    throw new RangeError(`Cannot copy ${size} bytes of a tensor into a buffer of ${buffer.length}`);
  }
  const target = buffer.subarray(0, size);
  succeeded(native.deino_to_data(tensor.handle, target, BigInt(size)), "a copy from a tensor");
  return target;
}

import { byteLength, copyBytes } from "../tensor/bytes.ts";
import type { DType } from "../tensor/dtype.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { writeAll, writeAtomically } from "../files/atomic_file.ts";

/** NumPy's names of little-endian types; it has none for bfloat16. */
const TYPES: Partial<Record<DType, string>> = {
  float64: "<f8",
  float32: "<f4",
  float16: "<f2",
  int64: "<i8",
  int32: "<i4",
  uint8: "|u1",
  bool: "|b1",
};
const MAGIC = "\x93NUMPY\x01\x00";
const ALIGNMENT = 64;

/**
 * Writes a tensor, from any device, to a file for `numpy.load`. The file appears whole or not at all.
 *
 * Source: NumPy's format 1.0, `numpy/lib/format.py`.
 *
 * @param path The file. Its folder is made where it is missing.
 * @param tensor What to write.
 * @throws {TypeError} If NumPy has no such type.
 * @throws {Error} When the file could not be written.
 */
export function writeNpy(path: string, tensor: Tensor): void {
  const head = npyHead(tensor.dtype, tensor.shape);
  const bytes = copyBytes(tensor, new Uint8Array(byteLength(tensor)));
  writeAtomically(path, (file) => {
    writeAll(file, head);
    writeAll(file, bytes);
  });
}

/**
 * What lies before the elements, padded so that these are aligned.
 *
 * @param dtype Type of the elements.
 * @param shape Length of each dimension.
 * @param headSize Bytes to fill, a multiple of 64. Default: as few as it takes.
 * @throws {TypeError} If NumPy has no such type.
 */
export function npyHead(
  dtype: DType,
  shape: readonly number[],
  headSize = 0,
): Uint8Array<ArrayBuffer> {
  const type = TYPES[dtype];
  if (type === undefined) {
    throw new TypeError(`Cannot write ${dtype} for NumPy, which lacks it: use float32`);
  }
  const sides = shape.map((length) => `${length},`).join(" ");
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (${sides}), }`;
  const before = MAGIC.length + 2;
  const needed = Math.ceil((before + text.length + 1) / ALIGNMENT) * ALIGNMENT;
  const size = Math.max(needed, headSize);
  const bytes = new Uint8Array(size);
  bytes.set(Array.from(MAGIC, (char) => char.charCodeAt(0)));
  new DataView(bytes.buffer).setUint16(MAGIC.length, size - before, true);
  bytes.set(new TextEncoder().encode(text.padEnd(size - before - 1) + "\n"), before);
  return bytes;
}

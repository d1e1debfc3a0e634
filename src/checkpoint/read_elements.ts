import { type InputFile } from "../files/input_file.ts";
import { quoted } from "../files/quoted.ts";
import { tensorFromBytes } from "../tensor/bytes.ts";
import type { Device } from "../tensor/device.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { byteSize, type TensorFacts } from "./tensor_facts.ts";

/**
 * Reads a tensor whose elements lie at a position of a file, row by row.
 *
 * @param file The file.
 * @param position The first byte.
 * @param options What lies there, and where to put it. Default: the CPU.
 * @throws {Error} When the file ends before, or it holds what no tensor can; the message completes "Cannot read …: ".
 */
export function readElements(
  file: InputFile,
  position: number,
  options: TensorFacts & { device?: Device },
): Tensor {
  const bytes = file.borrow(position, byteSize(options));
  if (options.dtype === "bool" && bytes.some((byte) => byte > 1)) {
    throw new Error(`tensor ${quoted(options.name)} holds bytes that are neither true nor false`);
  }
  return tensorFromBytes(bytes, options);
}

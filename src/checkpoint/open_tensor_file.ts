import { InputFile, unreadable } from "../files/input_file.ts";
import { refuseOtherFormats } from "./other_formats.ts";
import { SafetensorsFile } from "./safetensors.ts";
import { isShardIndex, ShardedFile } from "./sharded_file.ts";
import type { TensorFile } from "./tensor_file.ts";
import { TorchFile } from "./torch/torch_file.ts";

/**
 * Opens a file of tensors of any kind that can be read, recognised by its first bytes: safetensors, a file of `torch.save`, or
 * the index of several of these.
 *
 * @throws {Error} When it is not there, none of these, or not as it was written.
 */
export function openTensorFile(path: string): TensorFile {
  if (isShardIndex(path)) return new ShardedFile(path, openSingleFile);
  return openSingleFile(path);
}

function openSingleFile(path: string): TensorFile {
  return isTorchFile(path) ? new TorchFile(path) : openWhole(path);
}

/** Opens a file that, where it carries a digest, is as it was written. */
function openWhole(path: string): SafetensorsFile {
  const file = new SafetensorsFile(path);
  try {
    file.verify();
    return file;
  } catch (error) {
    file[Symbol.dispose]();
    throw error;
  }
}

/** Whether a file begins like a zip archive or a pickle. */
function isTorchFile(path: string): boolean {
  using file = new InputFile(path);
  try {
    refuseOtherFormats(file);
  } catch (cause) {
    throw unreadable(path, cause);
  }
  if (file.size < 4) return false;
  const [first, second, third, fourth] = file.bytes(0, 4);
  const isZip = first === 0x50 && second === 0x4b;
  // As the length of a safetensors header, what follows in a pickle would be far out of bounds.
  const isPickle = first === 0x80 && second >= 2 && second <= 5 && third !== 0 && fourth >= 6;
  return isZip || isPickle;
}

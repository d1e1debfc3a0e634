import { extname } from "@std/path";
import { toMetadata } from "../checkpoint/metadata.ts";
import { writeSafetensors } from "../checkpoint/safetensors.ts";
import { writeTorch } from "../checkpoint/torch/write_torch.ts";
import type { Tensor } from "../tensor/tensor.ts";

/**
 * Writes a trained head under the names of the reference's released ones: `weight` and `bias` of a classifier,
 * `decode_head.…` of segmentation and depth.
 *
 * @param path The file, `.safetensors` or `.pth`. Its folder is made where it is missing.
 * @param tensors What it holds.
 * @param facts Further metadata for safetensors.
 * @throws {TypeError} If the path has another ending.
 * @throws {Error} If it cannot be written.
 */
export function writeHead(
  path: string,
  tensors: Readonly<Record<string, Tensor>>,
  facts: Record<string, unknown> = {},
): void {
  checkHeadPath(path);
  if (extname(path) === ".pth") writeTorch(path, tensors);
  else writeSafetensors(path, tensors, toMetadata(facts));
}

/**
 * Checks that a file can hold a head.
 *
 * @throws {TypeError} If its ending is neither `.safetensors` nor `.pth`.
 */
export function checkHeadPath(path: string): void {
  if ([".safetensors", ".pth"].includes(extname(path))) return;
  throw new TypeError(
    `Cannot write a head to "${path}": its name must end in .safetensors or .pth`,
  );
}

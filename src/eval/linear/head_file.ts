import { extname } from "@std/path";
import { toMetadata } from "../../checkpoint/metadata.ts";
import { writeSafetensors } from "../../checkpoint/safetensors.ts";
import { writeTorch } from "../../checkpoint/torch/write_torch.ts";
import type { LinearClassifier } from "../linear_classifier.ts";
import { checkHeadPath } from "./head_path.ts";

/**
 * Writes a classifier as the reference's released heads are: `weight` and `bias`.
 *
 * @param path The file, `.safetensors` or `.pth`. Its folder is made where it is missing.
 * @param classifier The classifier.
 * @param facts What else to note in safetensors.
 * @throws {TypeError} If the path has another ending.
 * @throws {Error} If it cannot be written.
 */
export function writeHead(
  path: string,
  { weight, bias }: LinearClassifier,
  facts: Record<string, unknown> = {},
): void {
  checkHeadPath(path);
  if (extname(path) === ".pth") writeTorch(path, { weight, bias });
  else writeSafetensors(path, { weight, bias }, toMetadata(facts));
}

import { basename, extname } from "@std/path";
import { byteLength, copyBytes } from "../../tensor/bytes.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { writeAtomically } from "../../files/atomic_file.ts";
import { ZipWriter } from "../../files/zip/writer.ts";
import { pickleStateDict } from "./pickle_state_dict.ts";

/**
 * Writes tensors, from any device, to a file that `torch.load(weights_only=True)` reads as a dictionary. The file appears
 * whole or not at all, and what it replaces stays until then.
 *
 * @param path The file. Its folder is made where it is missing.
 * @param tensors The tensors by name.
 * @throws {Error} When the file could not be written.
 */
export function writeTorch(path: string, tensors: Record<string, Tensor>): void {
  const facts = Object.entries(tensors).map(([name, { dtype, shape }]) => ({ name, dtype, shape }));
  const buffer = new Uint8Array(Math.max(0, ...Object.values(tensors).map(byteLength)));
  const folder = basename(path, extname(path));
  const encoder = new TextEncoder();
  writeAtomically(path, (file) => {
    const zip = new ZipWriter(file);
    zip.add(`${folder}/data.pkl`, pickleStateDict(facts));
    zip.add(`${folder}/byteorder`, encoder.encode("little"));
    Object.values(tensors).forEach((tensor, key) => {
      zip.add(`${folder}/data/${key}`, copyBytes(tensor, buffer));
    });
    zip.add(`${folder}/version`, encoder.encode("3\n")); // of PyTorch's layout of the archive
    zip.finish();
  });
}

import { join } from "@std/path";
import codecs from "imagescript/codecs/node/index.js";
import { writeAll, writeAtomically } from "../files/atomic_file.ts";
import { cat, full } from "../tensor/create.ts";
import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** A picture and what to call it. */
export interface NamedPicture {
  /** The path of its file within a folder, without the ending. */
  readonly name: string;
  /** `[3, H, W]`, uint8. */
  readonly picture: Tensor;
}

/**
 * Encodes a picture without loss.
 *
 * @param picture `[3, H, W]`, uint8.
 * @returns The bytes of a PNG file.
 */
export function encodePng(picture: Tensor): Uint8Array {
  const [, height, width] = picture.shape;
  const pixels = scope(() => {
    const opaque = full([1, height, width], 255, { dtype: "uint8" }); // the codec takes RGBA only
    return cat([picture.to({ device: "cpu" }), opaque]).permute([1, 2, 0]).toArray();
  });
  return codecs.png.encode(pixels, { width, height });
}

/**
 * Writes pictures as PNG files. Files of the same names are replaced.
 *
 * @param folder Where they go; it is made where it is missing.
 * @param pictures The pictures.
 * @returns The files written.
 * @throws {Error} If one cannot be written; it is left as it was then.
 */
export function writePictures(folder: string, pictures: readonly NamedPicture[]): string[] {
  return pictures.map(({ name, picture }) => {
    const path = join(folder, `${name}.png`);
    const bytes = encodePng(picture);
    writeAtomically(path, (file) => writeAll(file, bytes));
    return path;
  });
}

import { join } from "@std/path";
import { encodePng as encodePixels } from "../data/codec/encode_png.ts";
import { writeAll, writeAtomically } from "../files/atomic_file.ts";
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
  const pixels = scope(() => picture.to({ device: "cpu" }).permute([1, 2, 0]).toArray());
  return encodePixels({ width, height, pixels: pixels as Uint8Array<ArrayBuffer> });
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

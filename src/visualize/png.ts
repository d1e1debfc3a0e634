import { join } from "@std/path";
import { concat } from "@std/bytes";
import { crc32, deflateSync } from "node:zlib";
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
  const [channels, height, width] = picture.shape;
  const pixels = scope(() => picture.to({ device: "cpu" }).permute([1, 2, 0]).toArray());
  const header = new Uint8Array([0, 0, 0, 0, 0, 0, 0, 0, 8, RGB, 0, 0, 0]);
  new DataView(header.buffer).setUint32(0, width);
  new DataView(header.buffer).setUint32(4, height);
  const rows = new Uint8Array(height * (1 + width * channels));
  for (let y = 0, at = 0; y < height; y++) {
    rows[at++] = SUB;
    const begin = y * width * channels;
    for (let i = 0; i < width * channels; i++) {
      const left = i < channels ? 0 : pixels[begin + i - channels] as number;
      rows[at++] = pixels[begin + i] as number - left;
    }
  }
  const chunks = [chunk("IHDR", header), chunk("IDAT", deflateSync(rows)), chunk("IEND")];
  return concat([SIGNATURE, ...chunks]);
}

/** A PNG's colour type of red, green and blue, and its filter of differences to the pixel on the left. */
const RGB = 2, SUB = 1;
const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

function chunk(type: string, data: Uint8Array = new Uint8Array()): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
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

/**
 * The chunks of a PNG file.
 *
 * @module
 */
import { crc32 } from "node:zlib";

/** What a PNG file is made of. */
export interface PngChunks {
  /** The header: size, bits and colour type. */
  readonly header: DataView;
  /** The compressed samples. */
  readonly data: Uint8Array<ArrayBuffer>;
}

const SIGNATURE = "\x89PNG\r\n\x1a\n";
const HEADER_BYTES = 13;

/**
 * Reads the chunks that hold samples, and checks that each is as it was written.
 *
 * Source: PNG specification, third edition, section 5.
 *
 * @throws {Error} If the bytes are no PNG, damaged or cut off.
 */
export function readPngChunks(bytes: Uint8Array): PngChunks {
  if (String.fromCharCode(...bytes.subarray(0, 8)) !== SIGNATURE) throw new Error("not a PNG");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Uint8Array[] = [];
  let header: DataView | undefined;
  for (let at = 8;;) {
    if (at + 12 > bytes.length) throw new Error("the PNG is cut off");
    const length = view.getUint32(at);
    const end = at + 8 + length;
    if (end + 4 > bytes.length) throw new Error("the PNG is cut off");
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (crc32(bytes.subarray(at + 4, end)) !== view.getUint32(end)) {
      throw new Error(`the PNG is damaged (checksum of ${type})`);
    }
    if (type === "IHDR" && length === HEADER_BYTES) {
      header = new DataView(bytes.buffer, bytes.byteOffset + at + 8, length);
    } else if (type === "IDAT") {
      parts.push(bytes.subarray(at + 8, end));
    } else if (type === "IEND") {
      if (header === undefined) throw new Error("the PNG has no header");
      return { header, data: join(parts) };
    }
    at = end + 4;
  }
}

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

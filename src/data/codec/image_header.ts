/**
 * What an image file says about itself before it is decoded.
 *
 * @module
 */
import { readJpegFrame } from "./jpeg_frame.ts";
import { readDirectory } from "./tiff_directory.ts";

/** Formats that can be decoded, told apart by content, never by file name. */
export type ImageFormat = "JPEG" | "PNG" | "GIF" | "TIFF" | "WebP" | "BMP";

/** The format and size of an image file. */
export interface ImageHeader {
  /** What kind of file it is. */
  readonly format: ImageFormat;
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
}

/**
 * Reads the format and size from the first bytes of an image file.
 *
 * The size is known before any pixel is, so that a small file which unpacks to gigabytes can be
 * refused without unpacking it.
 *
 * @throws {Error} If the bytes are no image of a known format or end inside the header.
 */
export function readImageHeader(bytes: Uint8Array): ImageHeader {
  const format = sniffFormat(bytes);
  if (format === undefined) {
    throw new Error(bytes.length === 0 ? "the file is empty" : "not an image of a known format");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let size: readonly [number, number];
  try {
    size = SIZE_READERS[format](view);
  } catch (error) {
    if (error instanceof RangeError) throw new Error(`the ${format} header is cut off`);
    throw error;
  }
  const [width, height] = size;
  if (width < 1 || height < 1) throw new Error(`the ${format} header says ${width}x${height}`);
  return { format, width, height };
}

function sniffFormat(bytes: Uint8Array): ImageFormat | undefined {
  const text = String.fromCharCode(...bytes.subarray(0, 12));
  if (text.startsWith("\xff\xd8\xff")) return "JPEG";
  if (text.startsWith("\x89PNG\r\n\x1a\n")) return "PNG";
  if (text.startsWith("GIF87a") || text.startsWith("GIF89a")) return "GIF";
  if (text.startsWith("II*\0") || text.startsWith("MM\0*")) return "TIFF";
  if (text.startsWith("RIFF") && text.endsWith("WEBP")) return "WebP";
  if (text.startsWith("BM")) return "BMP";
}

const SIZE_READERS: Record<ImageFormat, (view: DataView) => readonly [number, number]> = {
  JPEG: (view) => {
    const { width, height } = readJpegFrame(view);
    return [width, height];
  },
  PNG: (view) => [view.getUint32(16), view.getUint32(20)],
  GIF: gifSize,
  TIFF: tiffSize,
  WebP: webpSize,
  BMP: (view) => [view.getInt32(18, true), Math.abs(view.getInt32(22, true))],
};

/** The canvas, widened where the first frame exceeds it, as Pillow does (GIF89a, 18 to 20). */
function gifSize(view: DataView): readonly [number, number] {
  const flags = view.getUint8(10);
  let at = 13 + (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  while (view.getUint8(at) === 0x21) {
    at += 2;
    while (view.getUint8(at) !== 0) at += 1 + view.getUint8(at);
    at++;
  }
  if (view.getUint8(at) !== 0x2c) throw new Error("the GIF has no frame");
  const [canvasWidth, canvasHeight, left, top, width, height] = [
    6,
    8,
    at + 1,
    at + 3,
    at + 5,
    at + 7,
  ]
    .map((offset) => view.getUint16(offset, true));
  return [Math.max(canvasWidth, left + width), Math.max(canvasHeight, top + height)];
}

/** Tags 256 and 257 of the first directory. */
function tiffSize(view: DataView): readonly [number, number] {
  const directory = readDirectory(view);
  return [directory.first(256, 0), directory.first(257, 0)];
}

/** Reads the size of the simple lossy, simple lossless or extended form (RFC 9649). */
function webpSize(view: DataView): readonly [number, number] {
  const form = String.fromCharCode(...[12, 13, 14, 15].map((at) => view.getUint8(at)));
  if (form === "VP8 ") {
    return [view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff];
  }
  if (form === "VP8L") {
    const bits = view.getUint32(21, true);
    return [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1];
  }
  if (form === "VP8X") {
    return [(view.getUint32(24, true) & 0xffffff) + 1, (view.getUint32(26, true) >>> 8) + 1];
  }
  throw new Error(`the WebP begins with an unknown chunk`);
}

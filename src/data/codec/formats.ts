/**
 * The image formats that are read.
 *
 * @module
 */
import { avifSize, decodeAvif, isAvif } from "./avif.ts";
import { bmpSize, decodeBmp } from "./bmp.ts";
import { decodeGif, gifSize } from "./gif.ts";
import { decodeJpeg2000, isJpeg2000, jpeg2000Size } from "./jpeg2000.ts";
import { readJpegFrame } from "./jpeg_frame.ts";
import { decodeJpeg, jpegExif } from "./jpeg_picture.ts";
import { decodePng, pngExif } from "./png.ts";
import { decodePnm, pnmSize } from "./pnm.ts";
import { PNG_SIGNATURE } from "./png_chunks.ts";
import type { Picture } from "./samples.ts";
import { decodeTiff, tiffSize } from "./tiff.ts";
import { decodeWebp, webpExif, webpSize } from "./webp.ts";

/** Formats that can be decoded, told apart by content, never by file name. */
export type ImageFormat =
  | "JPEG"
  | "PNG"
  | "GIF"
  | "TIFF"
  | "WebP"
  | "BMP"
  | "PNM"
  | "AVIF"
  | "JPEG 2000";

/** How files of a format are recognised and read. */
interface Format {
  /** File name endings that are taken for it. */
  readonly endings: readonly string[];
  /** Whether bytes that begin with this text, a character for each byte, are of the format. */
  readonly begins: (text: string) => boolean;
  /** Columns and rows. */
  readonly size: (view: DataView) => readonly [number, number];
  /** Decodes a file. */
  readonly decode: (bytes: Uint8Array<ArrayBuffer>) => Picture | Promise<Picture>;
  /** The EXIF data of a file, if it has any. Default: none that is read. */
  readonly exif?: (bytes: Uint8Array) => Uint8Array | undefined;
  /** Whether pictures are always turned upright, as Pillow turns them. Default: false. */
  readonly isTurned?: boolean;
}

/** Every format, by its name. */
export const FORMATS: Readonly<Record<ImageFormat, Format>> = {
  JPEG: {
    endings: [".jpg", ".jpeg", ".jpe", ".jfif"],
    begins: (text) => text.startsWith("\xff\xd8\xff"),
    size: (view) => {
      const { width, height } = readJpegFrame(view);
      return [width, height];
    },
    decode: decodeJpeg,
    exif: jpegExif,
  },
  PNG: {
    endings: [".png"],
    begins: (text) => text.startsWith(PNG_SIGNATURE),
    size: (view) => [view.getUint32(16), view.getUint32(20)],
    decode: decodePng,
    exif: pngExif,
  },
  GIF: {
    endings: [".gif"],
    begins: (text) => text.startsWith("GIF87a") || text.startsWith("GIF89a"),
    size: gifSize,
    decode: decodeGif,
  },
  TIFF: {
    endings: [".tif", ".tiff"],
    begins: (text) => ["II*\0", "MM\0*", "II+\0", "MM\0+"].includes(text.slice(0, 4)),
    size: tiffSize,
    decode: decodeTiff,
    exif: (bytes) => bytes, // EXIF data are a TIFF
    isTurned: true,
  },
  WebP: {
    endings: [".webp"],
    begins: (text) => text.startsWith("RIFF") && text.slice(8).startsWith("WEBP"),
    size: webpSize,
    decode: decodeWebp,
    exif: webpExif,
  },
  BMP: {
    endings: [".bmp"],
    begins: (text) => text.startsWith("BM"),
    size: bmpSize,
    decode: decodeBmp,
  },
  PNM: {
    endings: [".ppm", ".pgm", ".pbm", ".pnm"],
    begins: (text) => /^P[1-6][\s#]/.test(text),
    size: pnmSize,
    decode: decodePnm,
  },
  AVIF: { endings: [".avif"], begins: isAvif, size: avifSize, decode: decodeAvif },
  "JPEG 2000": {
    endings: [".jp2", ".j2k", ".jpx"],
    begins: isJpeg2000,
    size: jpeg2000Size,
    decode: decodeJpeg2000,
  },
};

/** File name endings that are taken for images; what a file really is shows when it is decoded. */
export const IMAGE_ENDINGS: ReadonlySet<string> = new Set(
  Object.values(FORMATS).flatMap(({ endings }) => endings),
);

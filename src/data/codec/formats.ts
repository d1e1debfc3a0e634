/**
 * The image formats that are read, recognised by content, never by file name. The decoder of a format is loaded with its
 * first file.
 *
 * @module
 */
import { PNG_SIGNATURE } from "./png_chunks.ts";
import type { Picture } from "./samples.ts";

/** Formats that can be decoded. */
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
  /** File name endings that are taken for it, the usual one first. */
  readonly endings: readonly string[];
  /** Whether bytes that begin with this text, a character for each byte, are of the format. */
  readonly begins: (text: string) => boolean;
  /** Loads what reads its files. */
  readonly load: () => Promise<Decoder>;
}

/** What reads the files of a format. */
interface Decoder {
  /** Columns and rows. */
  readonly size: (view: DataView) => readonly [number, number];
  /** Decodes a file. */
  readonly decode: (bytes: Uint8Array<ArrayBuffer>) => Picture | Promise<Picture>;
  /** How the camera was held, 1 to 8 as in EXIF. Default: upright. */
  readonly orientation?: (bytes: Uint8Array) => number;
  /** Whether pictures are always turned upright, as Pillow turns them. Default: false. */
  readonly isTurned?: boolean;
}

/** Every format, by its name. */
export const FORMATS: Readonly<Record<ImageFormat, Format>> = {
  JPEG: {
    endings: [".jpg", ".jpeg", ".jpe", ".jfif"],
    begins: (text) => text.startsWith("\xff\xd8\xff"),
    load: async () => (await import("./jpeg.ts")).jpeg,
  },
  PNG: {
    endings: [".png"],
    begins: (text) => text.startsWith(PNG_SIGNATURE),
    load: async () => (await import("./png.ts")).png,
  },
  GIF: {
    endings: [".gif"],
    begins: (text) => text.startsWith("GIF87a") || text.startsWith("GIF89a"),
    load: async () => (await import("./gif.ts")).gif,
  },
  TIFF: {
    endings: [".tif", ".tiff"],
    // Some write the number behind the order of bytes in the other order.
    begins: (text) => /^(II\*\0|MM\0\*|II\0\*|MM\*\0|II\+\0|MM\0\+)/.test(text),
    load: async () => (await import("./tiff.ts")).tiff,
  },
  WebP: {
    endings: [".webp"],
    begins: (text) => text.startsWith("RIFF") && text.slice(8).startsWith("WEBP"),
    load: async () => (await import("./webp.ts")).webp,
  },
  BMP: {
    endings: [".bmp"],
    begins: (text) => text.startsWith("BM"),
    load: async () => (await import("./bmp.ts")).bmp,
  },
  PNM: {
    endings: [".ppm", ".pgm", ".pbm", ".pnm"],
    begins: (text) => /^P[1-6][\s#]/.test(text),
    load: async () => (await import("./pnm.ts")).pnm,
  },
  AVIF: {
    endings: [".avif"],
    // Its brand comes first, or is listed among the compatible ones.
    begins: (text) => /^ftyp(avif|avis|(mif1|msf1|miaf).*avi[fs])/s.test(text.slice(4)),
    load: async () => (await import("./avif.ts")).avif,
  },
  "JPEG 2000": {
    endings: [".jp2", ".j2k", ".jpx"],
    // A bare codestream, or one within the file format.
    begins: (text) =>
      text.startsWith("\xff\x4f\xff\x51") || text.startsWith("\0\0\0\x0cjP  \r\n\x87\n"),
    load: async () => (await import("./jpeg2000.ts")).jpeg2000,
  },
};

/** File name endings that are taken for images; the content decides when a file is decoded. */
export const IMAGE_ENDINGS: ReadonlySet<string> = new Set(
  Object.values(FORMATS).flatMap(({ endings }) => endings),
);

/** Whether a file begins like those of `numpy.save`, as no image does. */
export function isNpy(bytes: Uint8Array): boolean {
  return bytes[0] === 0x93;
}

/**
 * WebP decoding by libwebp in WebAssembly, isolated from the process's memory. Pillow decodes by libwebp too.
 *
 * @module
 */
import { Codec } from "./codec.ts";
import { orientationOf } from "./orientation.ts";
import { withoutOpaqueAlpha } from "./pixel_layout.ts";
import type { Picture } from "./samples.ts";

/** What the chunks of a WebP say (RFC 9649). */
interface Container {
  /** The canvas. */
  readonly width: number;
  readonly height: number;
  readonly hasAlpha: boolean;
  /** The first frame of an animation, as a file of its own, and its place; else the whole file. */
  readonly left: number;
  readonly top: number;
  readonly frame: Uint8Array<ArrayBuffer>;
}

const FILE_HEADER = 12;
const CHUNK_HEADER = 8;
const FRAME_HEADER = 16;
const FLAGS = { animation: 2, xmp: 4, exif: 8, alpha: 16 } as const;

/** Reads the size of the simple lossy, simple lossless or extended form (RFC 9649). */
function webpSize(view: DataView): readonly [number, number] {
  const form = nameAt(view, FILE_HEADER);
  if (form === "VP8 ") {
    return [view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff];
  }
  if (form === "VP8L") {
    const bits = view.getUint32(21, true);
    return [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1];
  }
  if (form === "VP8X") return [uint24(view, 24) + 1, uint24(view, 27) + 1];
  throw new Error(`the WebP begins with an unknown chunk`);
}

/**
 * Decodes WebP bytes; of an animation the first frame, on a transparent canvas.
 *
 * @throws {Error} If the file is damaged or cut off.
 */
async function decodeWebp(bytes: Uint8Array<ArrayBuffer>): Promise<Picture> {
  const { width, height, left, top, frame, hasAlpha } = readContainer(bytes);
  const image = await libwebp.run(({ decode }) => {
    const decoded = decode(frame);
    if (decoded === null) throw new Error("its data are damaged or cut off");
    return decoded;
  });
  const decoded = new Uint8Array(image.data.buffer);
  const isWhole = image.width === width && image.height === height;
  const values = isWhole ? decoded : new Uint8Array(4 * width * height);
  for (let y = 0; !isWhole && y < Math.min(image.height, height - top); y++) {
    const row = decoded.subarray(4 * y * image.width, 4 * (y + 1) * image.width);
    values.set(row.subarray(0, 4 * (width - left)), 4 * ((top + y) * width + left));
  }
  if (!hasAlpha) { for (let i = 3; i < values.length; i += 4) values[i] = 255; }
  const rgb = withoutOpaqueAlpha(values);
  const picture = { width, height, colour: "rgb" } as const;
  return rgb === undefined
    ? { ...picture, channels: 4, values, alpha: "straight" }
    : { ...picture, channels: 3, values: rgb };
}

/** How the camera was held, by EXIF data or XMP. As in Pillow they count only where the header tells of them. */
function webpOrientation(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const flags = nameAt(view, FILE_HEADER) === "VP8X" ? bytes[20] : 0;
  return orientationOf({
    exif: () => flags & FLAGS.exif ? findChunk(view, "EXIF") : undefined,
    xmp: () => flags & FLAGS.xmp ? findChunk(view, "XMP ") : undefined,
  });
}

function readContainer(bytes: Uint8Array<ArrayBuffer>): Container {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [width, height] = webpSize(view);
  const form = nameAt(view, FILE_HEADER);
  const whole = { width, height, left: 0, top: 0, frame: bytes };
  if (form !== "VP8X") return { ...whole, hasAlpha: form === "VP8L" && (bytes[24] & 16) !== 0 };
  const flags = bytes[20];
  const lossless = findChunk(view, "VP8L"); // says itself whether it has alpha
  const hasAlpha = lossless ? (lossless[4] & 16) !== 0 : (flags & FLAGS.alpha) !== 0;
  const extended = { ...whole, hasAlpha };
  if ((flags & FLAGS.animation) === 0) return extended;
  const first = findChunk(view, "ANMF");
  if (first === undefined || first.length < FRAME_HEADER) throw new Error("it has no frame");
  const head = new DataView(first.buffer, first.byteOffset);
  const [left, top] = [2 * uint24(head, 0), 2 * uint24(head, 3)];
  const [columns, rows] = [uint24(head, 6) + 1, uint24(head, 9) + 1];
  if (left + columns > width || top + rows > height) throw new Error("a frame outside the canvas");
  return { ...extended, left, top, frame: asFile(first, [columns, rows]) };
}

/** A frame of an animation as a file of its own: a new header with its size, then its chunks. */
function asFile(frame: Uint8Array, [columns, rows]: [number, number]): Uint8Array<ArrayBuffer> {
  const chunks = frame.subarray(FRAME_HEADER);
  const start = FILE_HEADER + CHUNK_HEADER + 10;
  const file = new Uint8Array(start + chunks.length);
  const view = new DataView(file.buffer);
  file.set(new TextEncoder().encode("RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0"));
  view.setUint32(4, file.length - 8, true);
  file[20] = FLAGS.alpha;
  view.setUint32(24, columns - 1, true);
  view.setUint16(27, (rows - 1) & 0xffff, true);
  file[29] = (rows - 1) >> 16;
  file.set(chunks, start);
  return file;
}

/** The contents of the first chunk of a name. */
function findChunk(view: DataView, name: string): Uint8Array | undefined {
  for (let at = FILE_HEADER; at + CHUNK_HEADER <= view.byteLength;) {
    const length = view.getUint32(at + 4, true);
    if (nameAt(view, at) === name) {
      const kept = Math.min(length, view.byteLength - at - CHUNK_HEADER);
      return new Uint8Array(view.buffer, view.byteOffset + at + CHUNK_HEADER, kept);
    }
    at += CHUNK_HEADER + length + length % 2;
  }
}

function nameAt(view: DataView, at: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(at + i)));
}

function uint24(view: DataView, at: number): number {
  return view.getUint16(at, true) | view.getUint8(at + 2) << 16;
}

const libwebp = new Codec(async () => {
  const { default: create } = await import("@jsquash/webp/codec/dec/webp_dec.js");
  return await create({});
});

/** What reads WebP files. */
export const webp = { size: webpSize, decode: decodeWebp, orientation: webpOrientation };

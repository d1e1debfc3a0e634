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
  readonly data: Uint8Array;
  /** The last chunk of each other kind that affects the picture, PLTE before the samples, tRNS and eXIf anywhere, as in Pillow. */
  readonly others: ReadonlyMap<string, Uint8Array>;
  /** The last text of each keyword by which it may tell how the camera was held. */
  readonly texts: ReadonlyMap<string, PngText>;
  /** Damage that may have left the samples intact, in words. */
  readonly notes: readonly string[];
}

/** A chunk of a PNG that holds a keyword and a text (PNG specification, third edition, 11.3.3). */
export interface PngText {
  /** tEXt, zTXt or iTXt. */
  readonly type: string;
  readonly content: Uint8Array;
}

/** Keywords of texts that are XMP, and EXIF data as ImageMagick wrote them before PNG had a chunk for them. */
export const KEYWORDS = { xmp: "XML:com.adobe.xmp", exif: "Raw profile type exif" } as const;

/** The first bytes of every PNG. */
export const PNG_SIGNATURE = "\x89PNG\r\n\x1a\n";
const HEADER_BYTES = 13;
/** Length, type and checksum. */
const FRAME_BYTES = 12;
const CHUNK_NAME = /^\w{4}$/;
const KEPT = ["PLTE", "tRNS", "eXIf"];
/** The most kinds of damage noted for one file. */
const MOST_NOTES = 8;

/**
 * Reads the chunks that affect the picture. A wrong checksum of samples or of what follows them, and an end that is cut
 * off, are noted, for the samples may be whole; in what comes before them damage is fatal, as in Pillow.
 *
 * Source: PNG specification, third edition, section 5.
 *
 * @throws {Error} If the bytes are no PNG, or a chunk before the samples is damaged.
 */
export function readPngChunks(bytes: Uint8Array): PngChunks {
  if (String.fromCharCode(...bytes.subarray(0, 8)) !== PNG_SIGNATURE) throw new Error("not a PNG");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let data: Uint8Array = new Uint8Array();
  const others = new Map<string, Uint8Array>();
  const texts = new Map<string, PngText>();
  const notes = new Set<string>();
  const note = (text: string) => notes.size < MOST_NOTES && notes.add(text);
  let header: DataView | undefined;
  let hasSamples = false;
  for (let at = PNG_SIGNATURE.length;;) {
    const length = at + FRAME_BYTES <= bytes.length ? view.getUint32(at) : 0;
    const end = at + FRAME_BYTES + length;
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const content = bytes.subarray(at + 8, end - 4);
    const isWhole = at + FRAME_BYTES <= bytes.length && end <= bytes.length;
    if (isWhole && crc32(bytes.subarray(at + 4, end - 4)) !== view.getUint32(end - 4)) {
      note(`the PNG is damaged (checksum of ${type})`);
      if (type !== "IDAT" && !hasSamples) throw new Error([...notes][0]);
    }
    if (isWhole && !hasSamples && !CHUNK_NAME.test(type)) {
      throw new Error("the PNG is damaged (the name of a chunk)");
    }
    hasSamples ||= type === "IDAT";
    if (isWhole && (type === "IHDR") !== (at === PNG_SIGNATURE.length)) {
      throw new Error("the PNG does not begin with its one header");
    }
    if (type === "IHDR" && length >= HEADER_BYTES) {
      header = new DataView(bytes.buffer, content.byteOffset, HEADER_BYTES);
    } else if (type === "IDAT") data = append(data, content, bytes.length);
    else if (KEPT.includes(type) && !(type === "PLTE" && hasSamples)) others.set(type, content);
    else {
      const keyword = keywordOf({ type, content });
      if (keyword !== undefined) texts.set(keyword, { type, content });
    }
    if (isWhole && type === "IEND") break;
    if (end >= bytes.length) {
      note("the PNG is cut off");
      break;
    }
    at = end;
  }
  if (header === undefined) throw new Error([...notes][0] ?? "the PNG has no header");
  return { header, data, others, texts, notes: [...notes] };
}

/** The keyword of a chunk, if it is a text with one of {@linkcode KEYWORDS}. */
function keywordOf({ type, content }: PngText): string | undefined {
  if (!["tEXt", "zTXt", "iTXt"].includes(type)) return undefined;
  return Object.values(KEYWORDS).find((keyword) =>
    content[keyword.length] === 0 &&
    String.fromCharCode(...content.subarray(0, keyword.length)) === keyword
  );
}

/** Appends bytes, in one buffer with room for all there can be: a file may have millions of pieces. */
function append(data: Uint8Array, more: Uint8Array, most: number): Uint8Array {
  if (data.length === 0) return more;
  const isOwn = data.buffer !== more.buffer;
  const buffer = isOwn ? data.buffer : new ArrayBuffer(most);
  const joined = new Uint8Array(buffer, 0, data.length + more.length);
  if (!isOwn) joined.set(data);
  joined.set(more, data.length);
  return joined;
}

/** The bytes of a chunk: length, type, data and checksum. */
export function pngChunk(type: string, data: Uint8Array = new Uint8Array()): Uint8Array {
  const bytes = new Uint8Array(FRAME_BYTES + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

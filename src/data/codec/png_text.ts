import { inflate } from "./inflate.ts";

/** A chunk of a PNG that holds a keyword and a text (PNG specification, third edition, 11.3.3). */
export interface PngText {
  /** tEXt, zTXt or iTXt. */
  readonly type: string;
  readonly content: Uint8Array;
}

/** Keywords of texts that are XMP, and EXIF data as ImageMagick wrote them before PNG had a chunk for them. */
export const KEYWORDS = { xmp: "XML:com.adobe.xmp", exif: "Raw profile type exif" } as const;
/** The most bytes a text may unpack to, as in Pillow. */
const MOST_BYTES = 2 ** 20;

/** The keyword of a chunk, if it is a text with one of {@linkcode KEYWORDS}. */
export function keywordOf({ type, content }: PngText): string | undefined {
  if (!["tEXt", "zTXt", "iTXt"].includes(type)) return undefined;
  return Object.values(KEYWORDS).find((keyword) =>
    content[keyword.length] === 0 &&
    String.fromCharCode(...content.subarray(0, keyword.length)) === keyword
  );
}

/**
 * The bytes of a text, of those that are compressed the first 2²⁰.
 *
 * @throws {Error} If they are compressed and damaged.
 */
export function readPngText({ type, content }: PngText): Uint8Array {
  let at = content.indexOf(0) + 1;
  const isPacked = type === "zTXt" || type === "iTXt" && content[at] !== 0;
  if (type === "zTXt") at++; // the method of compression, of which there is one
  if (type === "iTXt") {
    at += 2;
    for (let i = 0; i < 2; i++) at = content.indexOf(0, at) + 1; // behind its language and the translated keyword
  }
  const text = content.subarray(at);
  return isPacked ? inflate(text, MOST_BYTES).bytes : text;
}

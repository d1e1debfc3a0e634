import { inflate } from "./inflate.ts";
import type { PngText } from "./png_chunks.ts";

/** The most bytes a text may unpack to, as in Pillow. */
const MOST_BYTES = 2 ** 20;

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

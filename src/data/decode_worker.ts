/// <reference lib="deno.worker" />
/**
 * A worker that reads and decodes image files.
 *
 * @module
 */
import { decodeImage } from "./codec/decode.ts";
import type { DecodedImage } from "./image.ts";

/** What the worker is asked: the file to decode. Answers come in the order of the questions. */
export type DecodeRequest = string;

/** What the worker says: that it has started, or what became of the next file. */
export type DecodeReply = "ready" | DecodeOutcome;

/** An image, or the reason why there is none. */
export type DecodeOutcome = DecodedImage | { readonly reason: string };

/** No image within the pixel limit is stored in more: this is 16-bit RGB with room to spare. */
const MAX_FILE_BYTES = 2 ** 30;

/** One file at a time, for the memory of two large images would add up. */
let last: Promise<void> = Promise.resolve();

self.onmessage = ({ data }: MessageEvent<DecodeRequest>) => {
  last = last.then(() => answer(data));
};
self.postMessage("ready" satisfies DecodeReply);

async function answer(path: string): Promise<void> {
  const outcome = await readAndDecode(path);
  const transfer = "reason" in outcome ? [] : [outcome.pixels.buffer];
  self.postMessage(outcome satisfies DecodeReply, { transfer });
}

async function readAndDecode(path: string): Promise<DecodeOutcome> {
  try {
    const { size, isFile } = await Deno.stat(path);
    if (!isFile) return { reason: "not a regular file" };
    if (size > MAX_FILE_BYTES) return { reason: `the file has ${size} bytes` };
    return await decodeImage(await Deno.readFile(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { reason: "the file is gone" };
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}

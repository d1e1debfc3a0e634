import { extname } from "@std/path";
import { decodeImage } from "../../src/data/codec/decode.ts";
import { Stream } from "../../src/random/stream.ts";
import { bytesOf, pixelFiles } from "../data/codec/pixel_table.ts";
import { mutate } from "./mutate.ts";

/** What became of the damaged copies of one format. */
interface MutantSummary {
  /** Copies that gave pixels, as many as their size says. */
  decoded: number;
  /** Copies that were refused with a reason. */
  refused: number;
  /** What should not have been: pixels that do not fill the size, or a reason that says nothing to a person. */
  readonly faults: string[];
  /** Milliseconds that the slowest took. */
  slowest: number;
}

/** The endings of the formats. */
export const formats: readonly string[] = [...new Set(pixelFiles.map((name) => extname(name)))];

/** What a decoder says when it gives up, and nobody but its author understands. */
const SAYS_NOTHING =
  /unreachable|memory access|out of bounds|undefined|not a function|NaN|\(\d+\)|\[object/;
/** Mutants are made larger than this only by lies, which are refused. */
const MAX_PIXELS = 10 ** 6;

/**
 * Decodes damaged copies of a format's files.
 *
 * @param format The ending.
 * @param count How many.
 * @param seed Of the damage.
 */
export async function decodeMutants(
  format: string,
  count: number,
  seed: number,
): Promise<MutantSummary> {
  const names = pixelFiles.filter((name) => extname(name) === format);
  const summary: MutantSummary = { decoded: 0, refused: 0, faults: [], slowest: 0 };
  for (let i = 0; i < count; i++) {
    const stream = new Stream(seed, "mutant", format, i);
    const name = names[stream.integer(0, names.length - 1)];
    const channels = stream.integer(1, 4);
    const bytes = mutate(bytesOf(name), stream);
    const began = performance.now();
    try {
      const { width, height, pixels } = await decodeImage(bytes, {
        channels,
        maxPixels: MAX_PIXELS,
      });
      if (pixels.length === 0 || pixels.length !== width * height * channels) {
        summary.faults.push(`${name} ${i}: ${pixels.length} samples`);
      }
      summary.decoded++;
    } catch (error) {
      const { message } = error as Error;
      if (!(error instanceof Error) || SAYS_NOTHING.test(message)) {
        summary.faults.push(`${name} ${i}: ${message}`);
      }
      summary.refused++;
    }
    summary.slowest = Math.max(summary.slowest, Math.round(performance.now() - began));
  }
  return summary;
}

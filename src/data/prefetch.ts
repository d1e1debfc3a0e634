/**
 * Decodes ahead of use.
 *
 * @module
 */
import type { DecodeOutcome } from "./decode_worker.ts";
import { imageBytes } from "./image.ts";

/** One place in the order of images, and what its file holds. */
export interface Prefetched {
  /** Its place in the order. */
  readonly position: number;
  /** Its index in the folder. */
  readonly index: number;
  /** The image, or why there is none. */
  readonly outcome: DecodeOutcome;
}

/** How far {@linkcode Prefetch} runs ahead. */
interface PrefetchLimits {
  /** Most images. */
  readonly items: number;
  /** Most bytes of decoded pixels, counting a guess for images still being decoded. */
  readonly bytes: number;
}

/** Where {@linkcode Prefetch} gets its images. */
export interface PrefetchSource {
  /** The image at a place of the order, or undefined behind the end. */
  indexAt(position: number): number | undefined;
  /** Begins to decode an image; undefined if it is to be skipped. */
  decode(index: number): Promise<DecodeOutcome> | undefined;
}

interface Pending {
  readonly position: number;
  readonly index: number;
  readonly outcome: Promise<DecodeOutcome>;
}

/**
 * A queue of images being decoded, in the order of their places.
 *
 * Taking one lets the next begin. Sizes are unknown until decoded, so those in work are counted
 * as large as the largest lately: what exceeds the limit in the worst case is one queue of images
 * in a row that are larger than all before.
 */
export class Prefetch {
  readonly #source: PrefetchSource;
  readonly #limits: PrefetchLimits;
  readonly #pending: Pending[] = [];
  #position: number;
  #decodedBytes = 0;
  #undecoded = 0;
  #guess = FIRST_GUESS;
  #awaited: number | undefined;

  /** Makes a queue that begins at a place of the order. Nothing is decoded yet. */
  constructor(source: PrefetchSource, position: number, limits: PrefetchLimits) {
    this.#source = source;
    this.#position = position;
    this.#limits = limits;
  }

  /** The index of the image that is being waited for, if one is. */
  get awaited(): number | undefined {
    return this.#awaited;
  }

  /** The next image, as soon as it is decoded, or undefined behind the end. */
  async take(): Promise<Prefetched | undefined> {
    this.#fill();
    const next = this.#pending.shift();
    if (next === undefined) return undefined;
    this.#awaited = next.index;
    const outcome = await next.outcome;
    this.#awaited = undefined;
    this.#decodedBytes -= sizeOf(outcome);
    this.#fill();
    return { ...next, outcome };
  }

  #fill(): void {
    while (this.#hasRoom()) {
      const index = this.#source.indexAt(this.#position);
      if (index === undefined) return;
      const position = this.#position++;
      const decoding = this.#source.decode(index);
      if (decoding === undefined) continue;
      const outcome = this.#count(decoding);
      outcome.catch(() => {}); // a queue that is never emptied fails nobody
      this.#pending.push({ position, index, outcome });
    }
  }

  #hasRoom(): boolean {
    const bytes = this.#decodedBytes + (this.#undecoded + 1) * this.#guess;
    if (this.#pending.length === 0) return true;
    return this.#pending.length < this.#limits.items && bytes <= this.#limits.bytes;
  }

  async #count(decoding: Promise<DecodeOutcome>): Promise<DecodeOutcome> {
    this.#undecoded++;
    try {
      const outcome = await decoding;
      this.#decodedBytes += sizeOf(outcome);
      this.#guess = Math.max(sizeOf(outcome), GUESS_DECAY * this.#guess);
      return outcome;
    } finally {
      this.#undecoded--;
    }
  }
}

/** Bytes an image is taken for before any was decoded: 1000 x 700 pixels. */
const FIRST_GUESS = 2 * 2 ** 20;
/** What remains of a large image's weight after each one that follows: half after 35. */
const GUESS_DECAY = 0.98;

function sizeOf(outcome: DecodeOutcome): number {
  return "reason" in outcome ? 0 : imageBytes(outcome);
}

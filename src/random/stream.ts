/**
 * Reproducible random numbers, each sequence named by where it is used.
 *
 * @module
 */

/** Draws that are thrown away so that every bit of the key reaches every word of the state. */
const WARM_UP = 16;

/**
 * A sequence of random numbers that is a pure function of a seed and a path.
 *
 * A path names the use, for instance `new Stream(seed, "augment", iteration, sample)`. Different
 * paths give independent sequences, so results do not depend on which worker draws first, and a
 * resumed run needs no saved generator state. The generator is sfc32 (Doty-Humphrey, PractRand):
 * 128 bits of state, about 2 ns a draw.
 */
export class Stream {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /**
   * Begins the sequence of a seed and a path.
   *
   * @param seed The run's seed, any finite number.
   * @param path What the numbers are for: names and indices, compared by type and value.
   * @throws {RangeError} If the seed or a number in the path is not finite.
   */
  constructor(seed: number, ...path: (number | string)[]) {
    [this.#a, this.#b, this.#c] = hashPath([seed, ...path]);
    for (let i = 0; i < WARM_UP; i++) this.#draw();
  }

  /** The next number in [0, 1), with 53 random bits. */
  next(): number {
    const high = this.#draw() >>> 5;
    const low = this.#draw() >>> 6;
    return (high * 0x4000000 + low) / 0x20000000000000;
  }

  /** A number in [low, high). */
  uniform(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /**
   * An integer from low to high, both included.
   *
   * @throws {RangeError} If a bound is not an integer or high is below low.
   */
  integer(low: number, high: number): number {
    if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high) || high < low) {
      throw new RangeError(
        `Cannot draw an integer from ${low} to ${high}: bounds must be integers in ascending order`,
      );
    }
    return low + Math.floor((high - low + 1) * this.next());
  }

  /** True with the given probability. */
  bernoulli(probability: number): boolean {
    return this.next() < probability;
  }

  /** A number from the normal distribution of mean 0 and standard deviation 1 (Box-Muller). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    return radius * Math.cos(2 * Math.PI * this.next());
  }

  /** The integers 0 to size − 1 in random order (Fisher-Yates). */
  permutation(size: number): Uint32Array<ArrayBuffer> {
    const order = Uint32Array.from({ length: size }, (_, i) => i);
    for (let i = size - 1; i > 0; i--) {
      const j = this.integer(0, i);
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  }

  #draw(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }
}

/** Mixes the parts into three 32-bit words (MurmurHash3's rounds, one lane for each word). */
function hashPath(parts: readonly (number | string)[]): [number, number, number] {
  const lanes: [number, number, number] = [0x9e3779b9, 0x243f6a88, 0xb7e15162];
  for (const part of parts) {
    if (typeof part === "string") {
      absorb(lanes, part.length + 1); // a number begins with 0: 1 and "1" differ, "ab" and "a", "b" too
      for (let i = 0; i < part.length; i++) absorb(lanes, part.charCodeAt(i));
    } else {
      if (!Number.isFinite(part)) {
        throw new RangeError(`Cannot seed a random stream with ${part}: give a finite number`);
      }
      float64Bits.setFloat64(0, part);
      absorb(lanes, 0);
      absorb(lanes, float64Bits.getUint32(0));
      absorb(lanes, float64Bits.getUint32(4));
    }
  }
  return lanes;
}

const float64Bits = new DataView(new ArrayBuffer(8));

function absorb(lanes: [number, number, number], word: number): void {
  for (let lane = 0; lane < 3; lane++) lanes[lane] = mix(lanes[lane] ^ word, lane);
  lanes[0] = (lanes[0] + lanes[2]) | 0;
  lanes[1] = lanes[1] ^ lanes[0];
  lanes[2] = (lanes[2] + lanes[1]) | 0;
}

function mix(word: number, lane: number): number {
  let h = Math.imul(word ^ (word >>> 16), 0x85ebca6b + 2 * lane);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35 + 2 * lane);
  return (h ^ (h >>> 16)) | 0;
}

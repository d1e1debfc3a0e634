/**
 * Keeps account of files that cannot be decoded, and of those of which something is to be said.
 *
 * @module
 */
import { DetailedError } from "../files/detailed_error.ts";
import { placesOf } from "./folder.ts";

/** A file that was skipped, and why. */
export interface BrokenFile {
  /** Its path as the folder lists it. */
  readonly path: string;
  /** Why it was skipped. */
  readonly reason: string;
}

/** Files that were read before. */
export interface SeenFiles {
  /** Their indices. */
  readonly indices: Iterable<number>;
  /** Those of them that are broken. */
  readonly brokenFiles: readonly BrokenFile[];
}

/**
 * The files that a training run saw before a place of its order. The first epoch brings every image once, unless images are
 * drawn: what lies before its end has been seen.
 */
export function seenInTraining(
  { paths, weights }: { readonly paths: readonly string[]; readonly weights?: unknown },
  order: { indexAt(position: number): number },
  { position, brokenFiles }: { position: number; brokenFiles: readonly BrokenFile[] },
): SeenFiles {
  const behind = weights === undefined ? Math.min(position, paths.length) : position;
  return { indices: firstOf(order, behind), brokenFiles };
}

function* firstOf(
  order: { indexAt(position: number): number },
  count: number,
): Generator<number> {
  for (let position = 0; position < count; position++) yield order.indexAt(position);
}

/** The share of broken files is taken of this many files at least, while not all have been seen. */
const FIRST_JUDGED = 200;
/** And of this many, once all have been seen, so that a small set may have one or two. */
const SMALL_SET = 30;
/** Files named in the error. */
const NAMED = 10;

/** The broken files of a folder, up to a tolerated share of the files seen. */
export class BrokenFiles {
  readonly #paths: readonly string[];
  readonly #maxFraction: number;
  /** For each file 1 once it was seen. */
  readonly #seen: Uint8Array;
  #seenCount = 0;
  readonly #broken = new Map<number, BrokenFile>();

  /**
   * Begins an account.
   *
   * @param paths All files of the folder.
   * @param maxFraction The share that may be broken, 0 to 1.
   * @param seen What was seen before. Default: nothing.
   * @throws {RangeError} If the share is not from 0 to 1.
   * @throws {Error} If too many of the files seen are broken.
   */
  constructor(paths: readonly string[], maxFraction: number, seen?: SeenFiles) {
    if (!(maxFraction >= 0 && maxFraction <= 1)) {
      throw new RangeError(`Cannot allow a share of ${maxFraction} broken files: give 0 to 1`);
    }
    this.#paths = paths;
    this.#seen = new Uint8Array(paths.length);
    this.#maxFraction = maxFraction;
    if (seen === undefined) return;
    for (const index of seen.indices) {
      this.addGood(index);
      if (this.#seenCount === paths.length) break; // of draws there may be any number
    }
    const places = placesOf(paths, seen.brokenFiles.map(({ path }) => path));
    for (const { path, reason } of seen.brokenFiles) {
      const index = places.get(path);
      if (index !== undefined) this.addBroken(index, reason);
    }
  }

  /** The broken files found so far, in the order they were found. */
  list(): readonly BrokenFile[] {
    return [...this.#broken.values()];
  }

  /** Whether the file is known to be broken. */
  has(index: number): boolean {
    return this.#broken.has(index);
  }

  /** Notes that the file was decoded. */
  addGood(index: number): void {
    this.#seenCount += 1 - this.#seen[index];
    this.#seen[index] = 1;
  }

  /**
   * Notes that the file cannot be decoded.
   *
   * @throws {Error} If too many are broken, or every one is.
   */
  addBroken(index: number, reason: string): void {
    this.addGood(index);
    this.#broken.set(index, { path: this.#paths[index], reason });
    const seen = this.#seenCount;
    const isAll = seen === this.#paths.length;
    const judged = Math.max(seen, isAll ? SMALL_SET : FIRST_JUDGED);
    const broken = this.#broken.size;
    if (broken > this.#maxFraction * judged || broken === this.#paths.length) {
      throw new DetailedError(this.#explain(seen));
    }
  }

  #explain(seen: number): string[] {
    const { size } = this.#broken;
    return [
      `Cannot decode ${size} of the first ${seen} images, more than the ` +
      `tolerated share of ${this.#maxFraction}; repair or remove them`,
      ...this.list().slice(0, NAMED).map(({ path, reason }) => `  ${path}: ${reason}`),
      ...size > NAMED ? [`  and ${size - NAMED} more`] : [],
    ];
  }
}

/** Files that were read, but for something: told at the first of each kind, and once more at the end where there were others. */
export class NotedFiles {
  readonly #onNote: (text: string) => void;
  readonly #seen = new Set<number>();
  /** The first file of each kind, and how many others there are. */
  readonly #kinds = new Map<string, { readonly first: string; others: number }>();

  /** @param onNote Takes what the user should know. */
  constructor(onNote: (text: string) => void) {
    this.#onNote = onNote;
  }

  /** Notes what is to be said of a file, by its index and its path: notes that begin alike are of a kind. */
  add(index: number, path: string, notes: readonly string[]): void {
    if (this.#seen.has(index)) return;
    this.#seen.add(index);
    const kind = notes[0].replace(/ \(.*/, "");
    const known = this.#kinds.get(kind);
    if (known === undefined) {
      this.#kinds.set(kind, { first: path, others: 0 });
      this.#onNote(`${path} was read, but ${notes.join(", ")}`);
    } else known.others++;
  }

  /** Tells how many there were of each kind, if more than the one that was named. */
  close(): void {
    for (const { first, others } of this.#kinds.values()) {
      if (others > 0) {
        this.#onNote(
          `${others === 1 ? "1 more file is" : `${others} more files are`} like ${first}`,
        );
      }
    }
    this.#kinds.clear();
  }
}

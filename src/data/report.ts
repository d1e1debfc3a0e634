/**
 * What a whole set of images is like.
 *
 * @module
 */
import { NumberCollector, type NumberColumn } from "../files/number_column.ts";
import type { DecodePool, DecodePoolOptions } from "./decode_pool.ts";
import { FileHashes } from "./file_hashes.ts";
import type { ImageFolder } from "./folder.ts";
import { decodeEach, inspectFiles } from "./inspect.ts";
import { NO_LABEL } from "./sources/labels.ts";
import type { LeftOut } from "./sources/left_out.ts";

/** Minimum, median and maximum of some numbers. */
export interface Spread {
  /** The minimum. */
  readonly min: number;
  /** The median. */
  readonly median: number;
  /** The maximum. */
  readonly max: number;
}

/** What {@linkcode reportOn} finds. Names are those of its JSON. */
export interface DataReport {
  /** Images in the source. */
  readonly images: number;
  /** Bytes of all that can be read. */
  readonly bytes: number;
  /** How many there are of each kind of file. */
  readonly formats: Readonly<Record<string, number>>;
  /** Columns of those that can be read. */
  readonly width?: Spread;
  /** Rows of those that can be read. */
  readonly height?: Spread;
  /** Images that are rotated or mirrored by their EXIF data or XMP. */
  readonly turned: readonly string[];
  /** Images that cannot be decoded, and why. */
  readonly unreadable: readonly { readonly path: string; readonly reason: string }[];
  /** What is to be said of images that were read, such as damage that left pixels whole: the first of each kind, and how many others. */
  readonly notes: readonly string[];
  /** Images whose files are the same to the byte, each group once. */
  readonly duplicates: readonly (readonly string[])[];
  /** Images of each class, where there are classes. */
  readonly classes?: Readonly<Record<string, number>>;
  /** Images without a class, where there are classes. */
  readonly unlabelled?: number;
  /** What the source skips. */
  readonly left_out: readonly LeftOut[];
}

/** Options of {@linkcode reportOn}. */
export interface ReportOptions extends DecodePoolOptions {
  /** Threads to share. Default: its own. */
  pool?: DecodePool;
  /** Ends the reading when it is aborted, with its reason. Default: never. */
  signal?: AbortSignal;
  /** Called with the number of images done, of twice as many as there are. Default: ignored. */
  onProgress?: (done: number) => void;
}

/**
 * Reads and decodes every image of a source.
 *
 * @throws {Error} If the source cannot be read any more.
 */
export async function reportOn(
  folder: ImageFolder,
  { onProgress = () => {}, ...threads }: ReportOptions = {},
): Promise<DataReport> {
  const { paths } = folder;
  const formats: Record<string, number> = {};
  const widths = new NumberCollector(), heights = new NumberCollector();
  const hashes = new FileHashes(paths.length);
  const turned: string[] = [];
  const unreadable = new Map<number, string>();
  let bytes = 0, done = 0;
  for await (const image of inspectFiles(folder, { channels: threads.channels })) {
    threads.signal?.throwIfAborted();
    onProgress(++done);
    if ("reason" in image) {
      unreadable.set(image.index, image.reason);
      continue;
    }
    formats[image.format] = (formats[image.format] ?? 0) + 1;
    widths.push(image.width);
    heights.push(image.height);
    bytes += image.bytes;
    if (image.orientation !== 1) turned.push(paths[image.index]);
    hashes.add(image.index, image.fileHash);
  }
  const notes: string[] = [];
  const onNote = (text: string) => notes.push(text);
  for await (const image of decodeEach(folder, { ...threads, onNote })) {
    onProgress(++done);
    if ("reason" in image) unreadable.set(image.index, image.reason);
  }
  return {
    images: paths.length,
    bytes,
    formats,
    width: spreadOf(widths.column),
    height: spreadOf(heights.column),
    turned,
    unreadable: Array.from(unreadable, ([index, reason]) => ({ path: paths[index], reason })),
    notes,
    duplicates: hashes.equalFiles().map((files) => files.map((index) => paths[index])),
    ...countClasses(folder),
    left_out: folder.leftOut ?? [],
  };
}

function spreadOf(numbers: NumberColumn): Spread | undefined {
  if (numbers.length === 0) return undefined;
  const sorted = numbers.slice().sort();
  return {
    min: sorted[0],
    median: sorted[(sorted.length - 1) >> 1],
    max: sorted[sorted.length - 1],
  };
}

function countClasses(
  { classes, labels }: ImageFolder,
): Pick<DataReport, "classes" | "unlabelled"> {
  if (classes === undefined || labels === undefined) return {};
  const counts = new Uint32Array(classes.length);
  let unlabelled = 0;
  for (const label of labels) {
    if (label === NO_LABEL) unlabelled++;
    else counts[label]++;
  }
  return { classes: Object.fromEntries(classes.map((name, i) => [name, counts[i]])), unlabelled };
}

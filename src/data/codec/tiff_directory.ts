/**
 * The tags of a TIFF file.
 *
 * @module
 */

/** Values of a tag, read on demand, so that a damaged count costs nothing. */
interface TagValues {
  /** How many there are. */
  readonly length: number;
  /** The value of an index below the length. */
  at(index: number): number;
}

/** The tags of one image in a TIFF file. */
export interface TiffDirectory {
  /** Whether the least significant byte comes first. */
  readonly little: boolean;
  /** Whether the file ends within its tags. */
  readonly isCutOff: boolean;
  /** Where the tags of the next image lie, 0 if there are none. */
  readonly next: number;
  /** The numbers of a tag; none if it is absent or holds no numbers. */
  values(tag: number): TagValues;
  /** The first number of a tag, or the fallback if it is absent. */
  first(tag: number, fallback: number): number;
  /** The bytes of a tag; none if it is absent. */
  bytes(tag: number): Uint8Array;
}

/** The layout of a file with offsets of 32 bits, and of one with 64. */
const CLASSIC = { start: 4, countBytes: 2, entryBytes: 12, inlineBytes: 4 } as const;
const BIG = { start: 8, countBytes: 8, entryBytes: 20, inlineBytes: 8 } as const;
const BIG_MAGIC = 43;

/** More tags than any file has. */
const MOST_TAGS = 65535;

type Read = (view: DataView, at: number, little: boolean) => number;
const unsigned64: Read = (view, at, little) => Number(view.getBigUint64(at, little));

/** Bytes of a value and how it is read, by type (TIFF 6.0, section 2; BigTIFF). Nothing that is read is below 0. */
const TYPES: Readonly<Record<number, readonly [size: number, read: Read]>> = {
  1: [1, (view, at) => view.getUint8(at)],
  3: [2, (view, at, little) => view.getUint16(at, little)],
  4: [4, (view, at, little) => view.getUint32(at, little)],
  6: [1, (view, at) => view.getUint8(at)],
  7: [1, (view, at) => view.getUint8(at)],
  8: [2, (view, at, little) => view.getUint16(at, little)],
  9: [4, (view, at, little) => view.getUint32(at, little)],
  13: [4, (view, at, little) => view.getUint32(at, little)],
  16: [8, unsigned64],
  18: [8, unsigned64],
};

const NOTHING: TagValues = { length: 0, at: () => 0 };

/**
 * Opens an image file directory of a TIFF or a BigTIFF. Tags that lie outside the file count as absent: those that are needed
 * may come before.
 *
 * @param view The file.
 * @param at Where the directory lies. Default: where the file says that the first one lies.
 * @throws {RangeError} If the directory lies outside the file.
 * @throws {Error} If it has more tags than a file can have.
 */
export function openTiff(view: DataView, at?: number): TiffDirectory {
  const little = view.getUint8(0) === 0x49;
  const isBig = view.getUint16(2, little) === BIG_MAGIC;
  const { start, countBytes, entryBytes, inlineBytes } = isBig ? BIG : CLASSIC;
  const offset = (at: number) => isBig ? unsigned64(view, at, little) : view.getUint32(at, little);
  const directory = at ?? offset(start);
  const count = isBig ? offset(directory) : view.getUint16(directory, little);
  if (count > MOST_TAGS) throw new Error(`the TIFF says it has ${count} tags`);
  const begin = directory + countBytes;
  const whole = Math.max(0, Math.floor((view.byteLength - begin) / entryBytes));
  const entries = new Map<number, number>();
  for (let i = 0; i < Math.min(count, whole); i++) {
    const entry = begin + i * entryBytes;
    entries.set(view.getUint16(entry, little), entry);
  }

  const find = (tag: number) => {
    const entry = entries.get(tag);
    const type = entry === undefined ? undefined : TYPES[view.getUint16(entry + 2, little)];
    if (entry === undefined || type === undefined) return undefined;
    const length = offset(entry + 4);
    const [size, read] = type;
    const field = entry + entryBytes - inlineBytes;
    const from = length * size <= inlineBytes ? field : offset(field);
    if (from + length * size > view.byteLength) return undefined; // as Pillow does
    return { length, size, from, at: (i: number) => read(view, from + i * size, little) };
  };
  const end = begin + count * entryBytes;
  return {
    little,
    isCutOff: whole < count,
    next: end + inlineBytes <= view.byteLength ? offset(end) : 0,
    values: (tag) => find(tag) ?? NOTHING,
    first: (tag, fallback) => {
      const found = find(tag);
      return found === undefined || found.length === 0 ? fallback : found.at(0);
    },
    bytes: (tag) => {
      const { from, length, size } = find(tag) ?? { from: 0, length: 0, size: 1 };
      return new Uint8Array(view.buffer, view.byteOffset + from, length * size);
    },
  };
}

/**
 * The tags of a TIFF file.
 *
 * @module
 */

/** The tags of one image in a TIFF file. */
export interface TiffDirectory {
  /** Whether the least significant byte comes first. */
  readonly little: boolean;
  /** All values of a tag; none if it is absent. */
  all(tag: number): readonly number[];
  /** The first value of a tag, or the fallback if it is absent. */
  first(tag: number, fallback: number): number;
}

/**
 * Reads the first image file directory (TIFF 6.0, section 2); only whole numbers are kept.
 *
 * @throws {RangeError} If the directory lies outside the file.
 */
export function readDirectory(view: DataView): TiffDirectory {
  const little = view.getUint8(0) === 0x49;
  const start = view.getUint32(4, little);
  const tags = new Map<number, number[]>();
  for (let i = 0; i < view.getUint16(start, little); i++) {
    const entry = start + 2 + 12 * i;
    const type = view.getUint16(entry + 2, little);
    const size = { 1: 1, 3: 2, 4: 4 }[type];
    if (size === undefined) continue;
    const count = view.getUint32(entry + 4, little);
    const from = count * size <= 4 ? entry + 8 : view.getUint32(entry + 8, little);
    if (from + count * size > view.byteLength) {
      throw new RangeError("a tag lies beyond the file's end");
    }
    const read = (at: number) => {
      if (size === 1) return view.getUint8(at);
      return size === 2 ? view.getUint16(at, little) : view.getUint32(at, little);
    };
    const values = Array.from({ length: count }, (_, k) => read(from + k * size));
    tags.set(view.getUint16(entry, little), values);
  }
  return {
    little,
    all: (tag) => tags.get(tag) ?? [],
    first: (tag, fallback) => tags.get(tag)?.[0] ?? fallback,
  };
}

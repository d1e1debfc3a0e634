/**
 * Boxes of ISO's base media format.
 *
 * @module
 */

/** A box of a file: its type, and where its contents lie. */
export interface Box {
  /** Four letters. */
  readonly type: string;
  /** Where its contents begin. */
  readonly start: number;
  /** Where they end. */
  readonly end: number;
}

/** The most boxes read in a row: more than any picture has. */
const MOST_BOXES = 10_000;

/**
 * Lists the boxes in a part of a file (ISO/IEC 14496-12, 4.2).
 *
 * @throws {Error} If a box is smaller than its head.
 */
export function readBoxes(view: DataView, from: number, to: number): Box[] {
  const boxes: Box[] = [];
  for (let at = from; at + 8 <= to && boxes.length < MOST_BOXES;) {
    const type = String.fromCharCode(...[4, 5, 6, 7].map((i) => view.getUint8(at + i)));
    const told = view.getUint32(at);
    const isLong = told === 1;
    const size = isLong ? Number(view.getBigUint64(at + 8)) : told === 0 ? to - at : told;
    const head = isLong ? 16 : 8;
    if (size < head) throw new Error(`a box of ${size} bytes`);
    boxes.push({ type, start: at + head, end: Math.min(to, at + size) });
    at += size;
  }
  return boxes;
}

/** A box of a type with some contents. */
export function makeBox(type: string, contents: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(8 + contents.length);
  new DataView(bytes.buffer).setUint32(0, bytes.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i);
  bytes.set(contents, 8);
  return bytes;
}

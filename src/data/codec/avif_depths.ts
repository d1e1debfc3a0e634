/**
 * AVIF files that do not say how deep their samples are, as libheif wrote them before version 1.12.
 *
 * @module
 */
import { concat } from "@std/bytes/concat";
import { type Box, makeBox, readBoxes } from "./boxes.ts";

/** Bytes of a full box before its contents: version and flags. */
const FULL = 4;

/**
 * A file whose pictures all have the property that tells their depth, `pixi`, which the standard demands (ISO/IEC 23000-22, 7.1.2)
 * and libavif insists on where its callers do not waive it, as Pillow does and the package cannot.
 *
 * The boxes are changed in a copy at the end of the file, so that the data stay at their places.
 *
 * @returns The bytes themselves where nothing is missing, or more than this.
 */
export function withDepths(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const meta = readBoxes(view, 0, bytes.length).find(({ type }) => type === "meta");
  if (meta === undefined) return bytes;
  const parts = readBoxes(view, meta.start + FULL, meta.end);
  const properties = parts.find(({ type }) => type === "iprp");
  if (properties === undefined) return bytes;
  const lists = readBoxes(view, properties.start, properties.end);
  const container = lists.find(({ type }) => type === "ipco");
  if (container === undefined) return bytes;
  const known = readBoxes(view, container.start, container.end);
  const configuration = known.find(({ type }) => type === "av1C");
  if (configuration === undefined || known.some(({ type }) => type === "pixi")) return bytes;

  const content = ({ start, end }: Box) => bytes.subarray(start, end);
  const whole = ({ type, start, end }: Box) => makeBox(type, bytes.subarray(start, end));
  const depth = makeBox("pixi", [0, 0, 0, 0, 1, depthOf(view.getUint8(configuration.start + 2))]);
  const changed = lists.map((box) => {
    if (box.type === "ipco") return makeBox("ipco", concat([content(box), depth]));
    return box.type === "ipma" ? withProperty(content(box), known.length + 1) : whole(box);
  });
  const iprp = makeBox("iprp", concat(changed));
  const rest = parts.map((box) => box === properties ? iprp : whole(box));
  const head = bytes.subarray(meta.start, meta.start + FULL);
  const file = concat([bytes, makeBox("meta", concat([head, ...rest]))]);
  file.set(FREE, meta.start - FREE.length);
  return file;
}

/** The type of a box that is passed over. */
const FREE = Uint8Array.from("free", (letter) => letter.charCodeAt(0));

/** Bits of a sample, from the third byte of AV1's configuration (its binding to ISO's format, 2.3.3). */
function depthOf(flags: number): number {
  return (flags & 0x40) === 0 ? 8 : (flags & 0x20) === 0 ? 10 : 12;
}

/** Associations of items with properties, and one more for each item (ISO/IEC 14496-12, 8.11.14). */
function withProperty(list: Uint8Array, property: number): Uint8Array {
  const view = new DataView(list.buffer, list.byteOffset, list.byteLength);
  const idBytes = list[0] < 1 ? 2 : 4;
  const isWide = (list[3] & 1) === 1;
  const parts = [list.subarray(0, FULL + 4)];
  let at = FULL + 4;
  for (let left = view.getUint32(FULL); left > 0; left--) {
    const count = view.getUint8(at + idBytes);
    const end = at + idBytes + 1 + count * (isWide ? 2 : 1);
    const item = list.slice(at, end);
    item[idBytes]++;
    parts.push(item, Uint8Array.from(isWide ? [property >> 8, property] : [property]));
    at = end;
  }
  return makeBox("ipma", concat(parts));
}

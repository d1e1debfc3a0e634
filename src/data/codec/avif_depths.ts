/**
 * AVIF files that do not say how deep their samples are, as libheif wrote them before version 1.12.
 *
 * @module
 */
import { concat } from "@std/bytes/concat";
import { FULL, readAssociations } from "./avif_properties.ts";
import { type Box, makeBox, readBoxes } from "./boxes.ts";

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
    return box.type === "ipma" ? withProperty(view, box, known.length + 1) : whole(box);
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

/** A list of associations with one more property for each item. */
function withProperty(view: DataView, list: Box, property: number): Uint8Array {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  const entries = readAssociations(view, list).map(({ start, end, countAt, width }) => {
    const entry = bytes.slice(start, end);
    entry[countAt - start]++;
    return concat([entry, Uint8Array.from(width === 2 ? [property >> 8, property] : [property])]);
  });
  return makeBox("ipma", concat([bytes.subarray(list.start, list.start + FULL + 4), ...entries]));
}

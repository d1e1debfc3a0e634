/**
 * Which properties the items of an AVIF have.
 *
 * @module
 */
import { type Box, readBoxes } from "./boxes.ts";

/** Bytes of a full box before its contents: version and flags. */
export const FULL = 4;

/** An item and its properties in a list of associations. */
export interface Association {
  /** The item's number. */
  readonly item: number;
  /** Its properties, counted from 1. */
  readonly properties: readonly number[];
  /** Where the entry lies. */
  readonly start: number;
  /** Where it ends. */
  readonly end: number;
  /** Where it says how many properties there are. */
  readonly countAt: number;
  /** Bytes of a property's number. */
  readonly width: 1 | 2;
}

/** Lists the associations of an `ipma` box (ISO/IEC 14496-12, 8.11.14). */
export function readAssociations(view: DataView, { start }: Box): Association[] {
  const idBytes = view.getUint8(start) < 1 ? 2 : 4;
  const width = (view.getUint8(start + 3) & 1) === 1 ? 2 : 1;
  const list: Association[] = [];
  let at = start + FULL + 4;
  for (let left = view.getUint32(start + FULL); left > 0; left--) {
    const countAt = at + idBytes;
    const properties = Array.from({ length: view.getUint8(countAt) }, (_, i) => {
      const place = countAt + 1 + i * width; // its first bit says whether the property is essential
      return width === 1 ? view.getUint8(place) & 0x7f : view.getUint16(place) & 0x7fff;
    });
    const end = countAt + 1 + properties.length * width;
    const item = idBytes === 2 ? view.getUint16(at) : view.getUint32(at);
    list.push({ item, properties, start: at, end, countAt, width });
    at = end;
  }
  return list;
}

/** The properties of the picture that is shown (ISO/IEC 14496-12, 8.11.4), none where it has none. */
export function shownProperties(view: DataView): Box[] {
  const meta = readBoxes(view, 0, view.byteLength).find(({ type }) => type === "meta");
  if (meta === undefined) return [];
  const parts = readBoxes(view, meta.start + FULL, meta.end);
  const shown = parts.find(({ type }) => type === "pitm");
  const properties = parts.find(({ type }) => type === "iprp");
  if (shown === undefined || properties === undefined) return [];
  const isShort = view.getUint8(shown.start) === 0;
  const item = isShort ? view.getUint16(shown.start + FULL) : view.getUint32(shown.start + FULL);
  const lists = readBoxes(view, properties.start, properties.end);
  const container = lists.find(({ type }) => type === "ipco");
  if (container === undefined) return [];
  const known = readBoxes(view, container.start, container.end);
  return lists.filter(({ type }) => type === "ipma")
    .flatMap((list) => readAssociations(view, list))
    .filter((each) => each.item === item)
    .flatMap((each) => each.properties.map((number) => known[number - 1]))
    .filter((property) => property !== undefined);
}

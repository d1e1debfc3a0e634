import { shownProperties } from "./avif_properties.ts";

/** EXIF's orientations of pictures that are turned by quarters, against the clock: as they are, and mirrored along an axis. */
const TURNED: Readonly<Record<"plain" | "rows" | "columns", readonly number[]>> = {
  plain: [1, 8, 3, 6],
  rows: [4, 5, 2, 7], // top and bottom exchanged
  columns: [2, 7, 4, 5], // left and right exchanged
};

/**
 * How an AVIF's picture is to be turned, as EXIF counts it, 1 to 8: by its properties of rotation and mirroring (ISO/IEC
 * 23008-12, 6.5.10 and 6.5.12), which count where EXIF data say something else, as in Pillow.
 */
export function avifOrientation(view: DataView): number {
  const properties = shownProperties(view);
  const valueOf = (name: string, bits: number) => {
    const property = properties.find(({ type }) => type === name);
    return property && view.getUint8(property.start) & bits;
  };
  const [turns, axis] = [valueOf("irot", 3) ?? 0, valueOf("imir", 1)];
  return TURNED[axis === undefined ? "plain" : axis === 0 ? "rows" : "columns"][turns];
}

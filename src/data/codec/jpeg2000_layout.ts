/**
 * What a JPEG 2000 file says before its pixels, and how one component is made a file of its own.
 *
 * @module
 */
import { concat } from "@std/bytes/concat";
import { makeBox, readBoxes } from "./boxes.ts";

/** A component as its codestream describes it (ITU-T T.800, A.5.1). */
interface Component {
  /** Bits of a sample less one; 128 more where it has a sign. */
  readonly depth: number;
  /** Columns from one sample to the next, and rows. */
  readonly step: readonly [across: number, down: number];
}

/** What a file says. */
export interface Jpeg2000Layout {
  /** Columns of the image. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Its components, in order. */
  readonly components: readonly Component[];
  /** What more than two components are: inks, Y′CbCr, or RGB where nothing else is said. */
  readonly colours: "rgb" | "cmyk" | "ycbcr";
  /** Where the codestream lies in the file. */
  readonly codestream: readonly [start: number, end: number];
}

const SIGNATURE = 0xff4fff51; // start of codestream, image and tile size
/** Numbers of colour spaces (ITU-T T.800, I.5.3.3, and T.801). */
const SPACES: Readonly<Record<number, Jpeg2000Layout["colours"]>> = { 12: "cmyk", 18: "ycbcr" };

/**
 * Reads the header of a codestream, and what the boxes around it say, if it has any.
 *
 * @throws {Error} If there is no codestream.
 * @throws {RangeError} If the bytes end before it says what it holds.
 */
export function readJpeg2000Layout(view: DataView): Jpeg2000Layout {
  const isBare = view.getUint32(0) === SIGNATURE;
  const boxes = isBare ? [] : readBoxes(view, 0, view.byteLength);
  const box = boxes.find(({ type }) => type === "jp2c");
  if (!isBare && box === undefined) throw new Error("the JPEG 2000 has no codestream");
  const { start, end } = box ?? { start: 0, end: view.byteLength };
  const [right, bottom, left, top] = [8, 12, 16, 20].map((at) => view.getUint32(start + at));
  const components = Array.from({ length: view.getUint16(start + 40) }, (_, i) => {
    const [depth, across, down] = [42, 43, 44].map((at) => view.getUint8(start + at + 3 * i));
    return { depth, step: [across, down] as const };
  });
  const header = boxes.find(({ type }) => type === "jp2h");
  const colour = header && readBoxes(view, header.start, header.end)
    .find(({ type, start }) => type === "colr" && view.getUint8(start) === 1);
  const colours = colour && SPACES[view.getUint32(colour.start + 3)] || "rgb";
  return {
    width: right - left,
    height: bottom - top,
    components,
    colours,
    codestream: [start, end],
  };
}

/**
 * Whether a sample for every pixel can be had: all components have one, or it is Y′CbCr of 4:2:0 or 4:2:2, which the package
 * makes whole.
 */
export function canBeWhole({ components, colours }: Jpeg2000Layout): boolean {
  const steps = components.map(({ step }) => step.join("x"));
  if (steps.every((step) => step === "1x1")) return true;
  const isYcc = colours === "ycbcr" && steps.length === 3 && steps[0] === "1x1";
  return isYcc && steps[1] === steps[2] && ["2x2", "2x1"].includes(steps[1]);
}

/**
 * A file that shows one component as gray: the same codestream, with a map that takes one channel from it (ITU-T T.800,
 * I.5.3.4 and I.5.3.5).
 */
export function componentAlone(
  bytes: Uint8Array,
  { width, height, components, codestream: [start, end] }: Jpeg2000Layout,
  component: number,
): Uint8Array<ArrayBuffer> {
  const { depth } = components[component];
  const palette = [0, 1, 1, depth, ...(depth & 0x7f) > 7 ? [0, 0] : [0]]; // one entry, which is not used
  return concat([
    makeBox("jP  ", [0x0d, 0x0a, 0x87, 0x0a]),
    makeBox("ftyp", [...ascii("jp2 "), ...word(0), ...ascii("jp2 ")]),
    makeBox("jp2h", [
      ...makeBox("ihdr", [...word(height), ...word(width), 0, components.length, 255, 7, 0, 0]),
      ...makeBox("colr", [1, 0, 0, ...word(GRAY)]),
      ...makeBox("pclr", palette),
      ...makeBox("cmap", [0, component, 0, 0]),
    ]),
    makeBox("jp2c", bytes.subarray(start, end)),
  ]);
}

const GRAY = 17;

function ascii(text: string): number[] {
  return Array.from(text, (character) => character.charCodeAt(0));
}

function word(value: number): number[] {
  return [value >>> 24, value >> 16 & 255, value >> 8 & 255, value & 255];
}

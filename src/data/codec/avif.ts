/**
 * AVIF decoding by the libavif that Pillow ships, in a process of its own, or in WebAssembly.
 *
 * @module
 */
import { avifOrientation } from "./avif_orientation.ts";
import { decodeAvifByWasm } from "./avif_wasm.ts";
import { decodeApart } from "../pixels/decode_apart.ts";
import { decoderOf } from "../pixels/decoder_choice.ts";
import { readBoxes } from "./boxes.ts";
import { withoutOpaqueAlpha } from "./pixel_layout.ts";
import type { Picture } from "./samples.ts";

/** The path of boxes to the sizes, each with the number of bytes before its own boxes. */
const PATH = [["meta", 4], ["iprp", 0], ["ipco", 0]] as const;

/**
 * The largest size that the file states. It is the picture's: tiles and thumbnails are never larger.
 *
 * Source: ISO/IEC 23008-12, 6.5.3.
 */
function avifSize(view: DataView): readonly [number, number] {
  let boxes = readBoxes(view, 0, view.byteLength);
  for (const [type, skipped] of PATH) {
    const box = boxes.find((box) => box.type === type);
    if (box === undefined) throw new Error(`the AVIF has no box ${type}`);
    boxes = readBoxes(view, box.start + skipped, box.end);
  }
  let largest: readonly [number, number] = [0, 0];
  for (const { type, start } of boxes) {
    if (type !== "ispe") continue;
    const size = [view.getUint32(start + 4), view.getUint32(start + 8)] as const;
    if (size[0] * size[1] > largest[0] * largest[1]) largest = size;
  }
  return largest;
}

/**
 * Decodes the first picture of AVIF bytes.
 *
 * @throws {Error} If the file is damaged or cut off, or its picture larger than it states.
 */
async function decodeAvif(bytes: Uint8Array<ArrayBuffer>): Promise<Picture> {
  const [columns, rows] = avifSize(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const decoder = decoderOf("AVIF");
  const samples = decoder.name === "wasm"
    ? await decodeAvifByWasm(bytes)
    : decodeApart({ format: "avif", library: decoder.path }, bytes, columns * rows);
  const { width, height, channels } = samples;
  const values = samples.values as Uint8Array<ArrayBuffer>; // deeper samples are made 8 bits
  if (width * height > columns * rows) throw new Error("its picture is larger than it states");
  const picture = { width, height, colour: "rgb" } as const;
  const rgb = channels === 3 ? values : withoutOpaqueAlpha(values);
  return rgb === undefined
    ? { ...picture, channels: 4, values, alpha: "straight" }
    : { ...picture, channels: 3, values: rgb };
}

/** What reads AVIF files. */
export const avif = {
  size: avifSize,
  decode: decodeAvif,
  orientation: ({ buffer, byteOffset, byteLength }: Uint8Array) =>
    avifOrientation(new DataView(buffer, byteOffset, byteLength)),
};

/**
 * JPEG decoding by libjpeg in WebAssembly, for machines without a libjpeg. The pixels are the same, except that inks and
 * colours of 4:4:0 differ by two gray levels at most. Arithmetic codes and lossless files are not read.
 *
 * @module
 */
import { concat } from "@std/bytes/concat";
import { Codec } from "./codec.ts";
import { isNamed, jpegSegments } from "./jpeg_segments.ts";
import { rgbaToGray, rgbaToRgb } from "./pixel_layout.ts";
import type { ByteSamples } from "./samples.ts";

/**
 * Reads the samples of JPEG bytes: gray, or red, green and blue, or four inks.
 *
 * @param bytes The file.
 * @param components How many its frame header says it has.
 * @param maxScans Most scans.
 * @throws {Error} If the file is damaged or cut off, or has more scans.
 */
export function decodeByWasm(
  bytes: Uint8Array,
  components: number,
  maxScans: number,
): Promise<ByteSamples> {
  if (countScans(bytes) > maxScans) throw new Error(`it has more than ${maxScans} scans`);
  if (components === 4) return readCmyk(bytes); // libjpeg leaves the mixing to its callers
  return libjpeg.run(({ decoder, warnings }) => {
    const { width, height, data } = decodeWhole(bytes, { decoder, warnings });
    return components === 1
      ? { width, height, channels: 1, values: rgbaToGray(data) }
      : { width, height, channels: 3, values: rgbaToRgb(new Uint8Array(data.buffer)) };
  });
}

const SCAN = 0xda;

/** Counts start-of-scan markers. What looks like one in other segments counts too, so there may be a few too many. */
function countScans(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(0xff); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    if (bytes[at + 1] === SCAN) count++;
  }
  return count;
}

/** Red, green, blue and opaque alpha of every pixel. */
interface RgbaImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

interface Libjpeg {
  readonly decoder: { decode(bytes: Uint8Array, turnsByTag: boolean): RgbaImage | null };
  /** Its warnings about damage, the newest last. */
  readonly warnings: string[];
}

/** libjpeg's warning that it fills the missing end of a file with gray. */
const CUT_OFF = "Premature end of JPEG file";

function decodeWhole(bytes: Uint8Array, { decoder, warnings }: Libjpeg): RgbaImage {
  warnings.length = 0;
  let image: RgbaImage | null = null;
  try {
    image = decoder.decode(bytes, false);
  } catch { // the exception has no message
  }
  if (image !== null && !warnings.includes(CUT_OFF)) return image;
  throw new Error(warnings.at(-1) ?? "libjpeg gave no reason");
}

const APP14 = 0xee;
/** Adobe's segment, as in files whose inks are stored as they are. */
const ADOBE = [0xff, APP14, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, 0];

/** The file with Adobe's segment, without which the package reads no inks, and libjpeg takes them as they are. */
function withAdobe(bytes: Uint8Array): Uint8Array {
  const has = jpegSegments(bytes).some((part) => part.marker === APP14 && isNamed(part, "Adobe"));
  return has ? bytes : concat([Uint8Array.of(0xff, 0xd8, ...ADOBE), bytes.subarray(2)]);
}

function readCmyk(bytes: Uint8Array): Promise<ByteSamples> {
  return inks.run((codec) => {
    const { width, height, format, buffer } = decodeInks(codec, withAdobe(bytes));
    if (format !== CMYK) throw new Error("JPEG with more than 8 bits a sample");
    return { width, height, channels: 4, values: new Uint8Array(buffer) };
  });
}

const CMYK = 2;

// deno-lint-ignore no-explicit-any -- the codec has no types of its own
function decodeInks(codec: any, bytes: Uint8Array): any {
  try {
    return codec.decode(bytes);
  } catch (error) { // which says no more than that
    throw new Error("its inks cannot be decoded", { cause: error });
  }
}

const libjpeg = new Codec(async (): Promise<Libjpeg> => {
  const warnings: string[] = [];
  const printErr = (line: string) => warnings.push(line);
  const { default: create } = await import("@jsquash/jpeg/codec/dec/mozjpeg_dec.js");
  return { decoder: await create({ printErr }), warnings };
});
// deno-lint-ignore no-explicit-any -- the codec has no types of its own
const inks = new Codec<any>(async () =>
  (await import("imagescript/wasm/node/jpeg.js")).default.init()
);

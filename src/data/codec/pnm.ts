/**
 * Decoding of Netpbm's formats: PBM, PGM and PPM, as text (P1 to P3) or as bytes (P4 to P6).
 *
 * @module
 */
import type { Picture } from "./samples.ts";
import { spreadBits } from "./spread_bits.ts";

/** The header of a file. */
interface Header {
  /** The digit after the P, 1 to 6. */
  readonly kind: number;
  readonly width: number;
  readonly height: number;
  /** The number that is white. */
  readonly most: number;
  /** Where the samples begin. */
  readonly data: number;
}

const SPACE = new Set([9, 10, 11, 12, 13, 32]);
const COMMENT = 35;
const [NEWLINE, RETURN] = [10, 13];

/** Adding and subtracting it rounds a float64 to a whole number, halves to even ones as in Python. */
const ROUNDING = 2 ** 52;

/** Columns and rows. */
function pnmSize(view: DataView): readonly [number, number] {
  const { width, height } = readHeader(view);
  return [width, height];
}

/**
 * Decodes the first picture of the bytes. Samples are scaled so that the file's greatest is white.
 *
 * Source: Netpbm's manual, pbm(5), pgm(5), ppm(5).
 *
 * @throws {Error} If the file is damaged or cut off.
 */
function decodePnm(bytes: Uint8Array): Picture {
  const header = readHeader(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const { kind, width, height, most } = header;
  const isRgb = kind % 3 === 0;
  const channels = isRgb ? 3 : 1;
  const stored = kind <= 3 ? readText(bytes, header) : readBytes(bytes, header);
  const isDeep = most > 255 && !isRgb; // Pillow has colours of 8 bits only
  const full = isDeep ? 65535 : 255;
  const isBilevel = kind === 1 || kind === 4; // where 1 is black
  let values = stored;
  if (isBilevel) { for (let i = 0; i < values.length; i++) values[i] = 255 * (1 - values[i]); }
  else if (most !== full) {
    values = isDeep ? new Uint16Array(stored.length) : new Uint8Array(stored.length);
    for (let i = 0; i < values.length; i++) {
      values[i] = Math.min(full, stored[i] / most * full + ROUNDING - ROUNDING);
    }
  }
  return { width, height, channels, values, colour: isRgb ? "rgb" : "gray" };
}

function readHeader(view: DataView): Header {
  let at = 2;
  const number = () => {
    let digits = "";
    for (; digits.length <= 10; at++) {
      const byte = view.getUint8(at);
      if (byte === COMMENT) { // also within a number, as in Pillow
        while (view.getUint8(at) !== NEWLINE && view.getUint8(at) !== RETURN) at++;
      } else if (!SPACE.has(byte)) digits += String.fromCharCode(byte);
      else if (digits !== "") break;
    }
    at++;
    if (!/^\+?\d+$/.test(digits) || digits.length > 10) {
      throw new Error("the header of the PNM holds no numbers");
    }
    return Number(digits);
  };
  const kind = view.getUint8(1) - 48;
  const [width, height] = [number(), number()];
  const most = kind === 1 || kind === 4 ? 1 : number();
  if (most < 1 || most > 65535) throw new Error(`the PNM says that ${most} is white`);
  return { kind, width, height, most, data: at };
}

function readBytes(bytes: Uint8Array, { kind, width, height, most, data }: Header) {
  const bits = kind === 4 ? 1 : most > 255 ? 16 : 8;
  const perRow = width * (kind === 6 ? 3 : 1);
  const rowBytes = Math.ceil(perRow * bits / 8);
  if (data + rowBytes * height > bytes.length) throw new Error("the file is cut off");
  const values = bits === 16 ? new Uint16Array(perRow * height) : new Uint8Array(perRow * height);
  for (let y = 0; y < height; y++) {
    const row = bytes.slice(data + y * rowBytes, data + (y + 1) * rowBytes);
    values.set(spreadBits(row, { bits, count: perRow }), y * perRow);
  }
  return values;
}

/** Numbers in decimal digits; those of a bilevel picture need no space between them. */
function readText(bytes: Uint8Array, { kind, width, height, most, data }: Header) {
  const count = width * height * (kind === 3 ? 3 : 1);
  if (data + count > bytes.length + 1) throw new Error("the file is cut off");
  const values = most > 255 ? new Uint16Array(count) : new Uint8Array(count);
  let [to, value, digits] = [0, 0, 0];
  for (let at = data; to < count && at <= bytes.length; at++) {
    const byte = bytes[at] ?? NEWLINE;
    if (byte >= 48 && byte <= 57) {
      value = 10 * value + byte - 48;
      digits++;
    } else if (byte === COMMENT) {
      while (at + 1 < bytes.length && bytes[at] !== NEWLINE && bytes[at] !== RETURN) at++;
    } else if (!SPACE.has(byte)) throw new Error("something else than numbers");
    if (digits > 0 && (kind === 1 || SPACE.has(byte))) {
      if (value > most) throw new Error(`a sample of ${value} where ${most} is white`);
      values[to++] = value;
      [value, digits] = [0, 0];
    }
  }
  if (to < count) throw new Error("the file is cut off");
  return values;
}

/** What reads PNM files. */
export const pnm = { size: pnmSize, decode: decodePnm };

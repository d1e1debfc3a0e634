import "../../native.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { decodeImage } from "../../../src/data/codec/decode.ts";

/** A GIF to write: codes of 8 bits, so that each is a byte. */
interface GifToWrite {
  readonly canvas: readonly [columns: number, rows: number];
  readonly frame: readonly [left: number, top: number, columns: number, rows: number];
  /** Row by row as they are stored, below 128. */
  readonly numbers: readonly number[];
  readonly common?: readonly number[];
  readonly own?: readonly number[];
  readonly transparent?: number;
  readonly isInterlaced?: boolean;
  readonly before?: readonly number[];
}

const CLEAR = 128, END = 129;
const pair = (value: number) => [value & 255, value >> 8];
/** Flags and colours of a palette of 2, 4, 8 … colours. */
const palette = (colours?: readonly number[]): [flags: number, colours: readonly number[]] =>
  colours === undefined ? [0, []] : [0x80 | Math.log2(colours.length / 3) - 1, colours];

function writeGif(image: GifToWrite): Uint8Array<ArrayBuffer> {
  const { canvas, frame, numbers, common, own, transparent, isInterlaced, before = [] } = image;
  const [commonFlags, commonColours] = palette(common), [ownFlags, ownColours] = palette(own);
  const codes = [CLEAR, ...numbers, END]; // few enough for codes of 8 bits
  const control = transparent === undefined ? [] : [0x21, 0xf9, 4, 1, 0, 0, transparent, 0];
  return Uint8Array.from([
    ...new TextEncoder().encode("GIF89a"),
    ...[...canvas.flatMap(pair), commonFlags, 0, 0, ...commonColours, ...before, ...control],
    ...[0x2c, ...frame.flatMap(pair), ownFlags | (isInterlaced ? 0x40 : 0), ...ownColours],
    ...[7, codes.length, ...codes, 0, 0x3b],
  ]);
}

const FOUR = [10, 10, 10, 20, 20, 20, 30, 30, 30, 40, 40, 40];
const whole = { canvas: [2, 1], frame: [0, 0, 2, 1], numbers: [1, 3] } as const;
const gray = async (
  image: GifToWrite,
  channels = 1,
) => [...(await decodeImage(writeGif(image), { channels })).pixels];

Deno.test("around a frame lies the transparent colour, else the first", async () => {
  const inner = { canvas: [3, 2], frame: [1, 1, 2, 1], numbers: [1, 3], common: FOUR } as const;
  assertEquals(await gray(inner), [10, 10, 10, 10, 20, 40]);
  const [colours, alphas] = [0, 1].map((part) => (values: number[]) =>
    values.filter((_, i) => i % 2 === part)
  );
  const seen = await gray({ ...inner, transparent: 2 }, 2);
  assertEquals([colours(seen), alphas(seen)], [[30, 30, 30, 30, 20, 40], [0, 0, 0, 0, 255, 255]]);
});

Deno.test("a frame's own colours come before the common ones, and without any numbers are gray", async () => {
  assertEquals(await gray({ ...whole, common: FOUR, own: FOUR.map((value) => value + 100) }), [
    120,
    140,
  ]);
  assertEquals(await gray({ ...whole, common: FOUR }), [20, 40]);
  assertEquals(await gray(whole), [1, 3]);
  assertEquals(await gray({ ...whole, transparent: 3 }, 2), [1, 255, 3, 0]);
});

Deno.test("interlaced rows come in four passes, whatever their number", async () => {
  const passes = [[0, 8], [4, 8], [2, 4], [1, 2]];
  for (const rows of [1, 2, 3, 4, 5, 8, 9, 17]) {
    const order = passes.flatMap(([first, step]) => {
      const found = [];
      for (let row = first; row < rows; row += step) found.push(row);
      return found;
    });
    const image = {
      canvas: [1, rows],
      frame: [0, 0, 1, rows],
      numbers: order,
      isInterlaced: true,
    } as const;
    assertEquals(await gray(image), Array.from({ length: rows }, (_, row) => row));
  }
});

Deno.test("other extensions and stray bytes before a frame are passed over, and cut frames refused", async () => {
  const comment = [0x21, 0xfe, 3, 97, 98, 99, 2, 97, 98, 0];
  assertEquals(await gray({ ...whole, before: [0, 7, ...comment, 0] }), [1, 3]);
  const bytes = writeGif({ canvas: [3, 1], frame: [0, 0, 3, 1], numbers: [1, 2] });
  await assertRejects(() => decodeImage(bytes), Error, "the frame ends early");
  await assertRejects(
    () => decodeImage(writeGif(whole).slice(0, -5)),
    Error,
    "the frame is cut off",
  );
  const wide = writeGif(whole);
  assertEquals(wide.at(-8), 7); // the bits of codes, less one
  await assertRejects(() => decodeImage(wide.with(-8, 12)), Error, "codes of 12 bits");
});

/** A GIF of one row of numbers without colours, whose codes are of so many bits from the first. */
function inCodes(firstBits: number, codes: readonly number[], width: number) {
  const digits = codes.map((code) => code.toString(2).padStart(firstBits + 1, "0")).toReversed()
    .join("");
  const bytes = digits.padStart(8 * Math.ceil(digits.length / 8), "0").match(/.{8}/g)!.toReversed()
    .map((byte) => parseInt(byte, 2));
  const head = [...new TextEncoder().encode("GIF87a"), ...pair(width), 1, 0, 0, 0, 0];
  const frame = [0x2c, 0, 0, 0, 0, ...pair(width), 1, 0, 0];
  const blocks = bytes.flatMap((byte) => [1, byte]); // each in a block of its own
  return Uint8Array.from([...head, ...frame, firstBits, ...blocks, 0, 0x3b]);
}

Deno.test("codes may have up to 12 bits from the first, lie across blocks, and be cleared anywhere", async () => {
  for (const bits of [2, 5, 8, 11]) {
    const clear = 1 << bits;
    const codes = [clear, 1, 2, clear, 3, clear, clear, 0, 1];
    const { pixels } = await decodeImage(inCodes(bits, codes, 5), { channels: 1 });
    assertEquals([...pixels], [1, 2, 3, 0, 1], `${bits} bits`);
  }
});

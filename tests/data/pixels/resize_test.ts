import { assertEquals, assertThrows } from "@std/assert";
import { createHash } from "node:crypto";
import { isHeightFirst, resizeBytes } from "../../../src/data/pixels/resize.ts";
import "../../native.ts";

/** Bytes without any order, which show a rounding error soon. */
function noise(width: number, height: number, channels: number) {
  const pixels = new Uint8Array(channels * width * height);
  let state = 1;
  for (let i = 0; i < pixels.length; i++) {
    state = Math.imul(state, 1664525) + 1013904223;
    pixels[i] = state >>> 24;
  }
  return { width, height, pixels };
}

/**
 * Sizes before and after, and how the SHA-256 of the bytes begins that Pillow 12.3 makes of colours, gray, two, four, five and
 * sixteen channels, each channel a gray image of its own.
 */
const RESIZED = [
  ["larger", [101, 64], [50, 32], {
    3: "70c6a1d03998796c",
    1: "d39aa8e5a52b7528",
    2: "abeeb136281aac99",
    4: "a15688395ce7589f",
    5: "56e1e4d2ade1a490",
    16: "5eda6a9d715946ae",
  }],
  ["hardly larger", [64, 64], [63, 63], { 3: "b5adc7eed444c804", 1: "bfece1a4ba257d13" }],
  ["as wide", [37, 90], [37, 20], { 3: "4136f6fabb77080c", 1: "4fb58c000bc3afc1" }],
  ["as high", [90, 37], [20, 37], { 3: "7e3a69ccbe47e934", 1: "6138befc37f95f6a" }],
  ["smaller", [5, 4], [17, 33], {
    3: "2f00462197b54cef",
    1: "b56d5b5fb03f375a",
    4: "c3a84b99ea79b046",
  }],
  ["very wide", [700, 3], [1, 1], { 3: "1e7c730cd8ea257b" }],
  ["very tall", [3, 700], [2, 466], { 3: "47c84c4e498ba820", 1: "f774012159b431fd" }],
  ["as large", [48, 48], [48, 48], { 3: "3223e0155d64ea8a" }],
] as const;

for (const [kind, [from, rows], [width, height], digests] of RESIZED) {
  Deno.test(`an image that is ${kind} is resized to Pillow's last bit, of any channels`, () => {
    for (const [channels, digest] of Object.entries(digests)) {
      const { pixels, ...size } = resizeBytes(noise(from, rows, Number(channels)), {
        width,
        height,
      });
      assertEquals(size, { width, height });
      const found = createHash("sha256").update(pixels).digest("hex").slice(0, 16);
      assertEquals(found, digest, `${channels} channels`);
    }
  });
}

Deno.test("a size without pixels is refused", () => {
  const resize = () => resizeBytes(noise(4, 4, 3), { width: 0, height: 2 });
  assertThrows(resize, Error, "no pixel would be left");
});

Deno.test("columns are resized first of images more than a hundred times as high as wide that shrink, as in Pillow", () => {
  const first = (width: number, height: number, rows: number) =>
    isHeightFirst({ width, height }, rows);
  assertEquals([first(3, 300, 9), first(3, 301, 9), first(1, 101, 100)], [false, true, true]);
  assertEquals([first(3, 301, 301), first(3, 301, 400), first(301, 3, 1)], [false, false, false]);
});

import { assertEquals, assertThrows } from "@std/assert";
import { createHash } from "node:crypto";
import { resizeBytes } from "../../../src/data/pixels/resize.ts";
import "../../native.ts";

/** Bytes without any order, which show a rounding error soon. */
function noise(width: number, height: number) {
  const pixels = new Uint8Array(3 * width * height);
  let state = 1;
  for (let i = 0; i < pixels.length; i++) {
    state = Math.imul(state, 1664525) + 1013904223;
    pixels[i] = state >>> 24;
  }
  return { width, height, pixels };
}

/** Sizes before and after, and how the SHA-256 of the bytes begins that Pillow 12.3 makes. */
const RESIZED = [
  ["larger", [101, 64], [50, 32], "70c6a1d03998796c"],
  ["hardly larger", [64, 64], [63, 63], "b5adc7eed444c804"],
  ["as wide", [37, 90], [37, 20], "4136f6fabb77080c"],
  ["as high", [90, 37], [20, 37], "7e3a69ccbe47e934"],
  ["smaller", [5, 4], [17, 33], "2f00462197b54cef"],
  ["very wide", [700, 3], [1, 1], "1e7c730cd8ea257b"],
  ["very tall", [3, 700], [2, 466], "47c84c4e498ba820"],
  ["as large", [48, 48], [48, 48], "3223e0155d64ea8a"],
] as const;

for (const [kind, [from, rows], [width, height], digest] of RESIZED) {
  Deno.test(`an image that is ${kind} is resized to Pillow's last bit`, () => {
    const { pixels, ...size } = resizeBytes(noise(from, rows), { width, height });
    assertEquals(size, { width, height });
    assertEquals(createHash("sha256").update(pixels).digest("hex").slice(0, 16), digest);
  });
}

Deno.test("a size without pixels is refused", () => {
  const resize = () => resizeBytes(noise(4, 4), { width: 0, height: 2 });
  assertThrows(resize, Error, "no pixel would be left");
});

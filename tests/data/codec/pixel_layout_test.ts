import { assertEquals } from "@std/assert";
import { rgbaToGray, rgbaToRgb } from "../../../src/data/codec/pixel_layout.ts";

Deno.test("alpha is dropped, not blended", () => {
  assertEquals([...rgbaToRgb(Uint8Array.of(1, 2, 3, 0, 4, 5, 6, 255))], [1, 2, 3, 4, 5, 6]);
});

Deno.test("gray is the first sample of each pixel", () => {
  assertEquals([...rgbaToGray(Uint8ClampedArray.of(7, 7, 7, 255, 9, 9, 9, 255))], [7, 9]);
});

import { assertEquals } from "@std/assert";
import { cmykToRgb, grayToRgb, rgbaToRgb } from "../../../src/data/codec/pixel_layout.ts";

Deno.test("alpha is dropped, not blended", () => {
  assertEquals([...rgbaToRgb(Uint8Array.of(1, 2, 3, 0, 4, 5, 6, 255))], [1, 2, 3, 4, 5, 6]);
});

Deno.test("gray is repeated in every channel", () => {
  assertEquals([...grayToRgb(Uint8Array.of(7, 255))], [7, 7, 7, 255, 255, 255]);
});

Deno.test("no ink is white, full black ink is black, half an ink is half its light", () => {
  const inks = Uint8Array.of(0, 0, 0, 0, 9, 9, 9, 255, 128, 0, 255, 0);
  assertEquals([...cmykToRgb(inks)], [255, 255, 255, 0, 0, 0, 127, 255, 0]);
});

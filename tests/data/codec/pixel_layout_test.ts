import { assertEquals } from "@std/assert";
import { rgbaToGray, rgbaToRgb, withoutOpaqueAlpha } from "../../../src/data/codec/pixel_layout.ts";

Deno.test("alpha is dropped, not blended", () => {
  assertEquals([...rgbaToRgb(Uint8Array.of(1, 2, 3, 0, 4, 5, 6, 255))], [1, 2, 3, 4, 5, 6]);
});

Deno.test("gray is the first sample of each pixel", () => {
  assertEquals([...rgbaToGray(Uint8ClampedArray.of(7, 7, 7, 255, 9, 9, 9, 255))], [7, 9]);
});

Deno.test("an alpha is left out where it is opaque everywhere, and stays where one pixel is not", () => {
  const opaque = Uint8Array.of(1, 2, 3, 255, 4, 5, 6, 255);
  assertEquals(withoutOpaqueAlpha(opaque), Uint8Array.of(1, 2, 3, 4, 5, 6));
  const seenThrough = Uint8Array.of(1, 2, 3, 255, 4, 5, 6, 254);
  assertEquals(withoutOpaqueAlpha(seenThrough), undefined);
  assertEquals([...seenThrough], [1, 2, 3, 255, 4, 5, 6, 254]);
});

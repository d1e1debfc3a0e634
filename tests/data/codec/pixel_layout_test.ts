import { assertEquals } from "@std/assert";
import {
  highBytes,
  rgbaToGray,
  rgbaToRgb,
  withoutOpaqueAlpha,
} from "../../../src/data/codec/pixel_layout.ts";

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

Deno.test("high bytes of many samples stay in the memory of the samples, those of few leave it", () => {
  const samples = (count: number) => new Uint16Array(count).fill(0x1234).fill(0xff00, count - 1);
  const few = samples(5), many = samples(2 ** 24 + 1);
  assertEquals([...highBytes(few)], [0x12, 0x12, 0x12, 0x12, 0xff]);
  const bytes = highBytes(many);
  assertEquals([bytes.length, bytes[0], bytes.at(-2), bytes.at(-1)], [2 ** 24 + 1, 18, 18, 255]);
  assertEquals([bytes.buffer === many.buffer, highBytes(few).buffer === few.buffer], [true, false]);
});

import { assertEquals, assertThrows } from "@std/assert";
import { resample } from "../../../src/data/augment/resample.ts";
import { resizeBytes } from "../../../src/data/pixels/resize.ts";
import { scope } from "../../../src/tensor/scope.ts";
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

Deno.test("bytes are resized to Pillow's last bit, whatever the sides", () => {
  for (
    const [width, height, columns, rows] of [
      [101, 64, 50, 32],
      [64, 64, 63, 63],
      [37, 90, 37, 20], // one side stays
      [90, 37, 20, 37],
      [5, 4, 17, 33], // enlarged
      [700, 3, 1, 1],
      [48, 48, 48, 48],
    ]
  ) {
    const image = noise(width, height);
    const expected = scope(() =>
      resample(image, [rows, columns], "bicubic").permute([1, 2, 0]).toArray()
    );
    assertEquals(resizeBytes(image, { width: columns, height: rows }), {
      width: columns,
      height: rows,
      pixels: expected as Uint8Array<ArrayBuffer>,
    });
  }
});

Deno.test("a size without pixels is refused", () => {
  assertThrows(
    () => resizeBytes(noise(4, 4), { width: 0, height: 2 }),
    Error,
    "no pixel would be left",
  );
});

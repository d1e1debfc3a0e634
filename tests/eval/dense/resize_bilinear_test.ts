import { assertEquals } from "@std/assert";
import { resizeBilinear, scaledSize } from "../../../src/eval/dense/resize_bilinear.ts";
import { tensor } from "../../../src/tensor/create.ts";
import { assertClose, testTensor } from "../../helpers.ts";

Deno.test("the short side is as given, the long one in proportion, halves rounded up", () => {
  assertEquals(scaledSize({ width: 640, height: 480 }, 512), [512, 683]);
  assertEquals(scaledSize({ width: 480, height: 640 }, 512), [683, 512]);
  assertEquals(scaledSize({ width: 4, height: 10 }, 1), [3, 1]); // 2.5
});

testTensor("values between pixels are rounded to whole numbers, which may be bytes before", () => {
  const row = tensor(Uint8Array.of(0, 101), { shape: [1, 1, 1, 2] });
  const wide = resizeBilinear(row, [1, 4]); // 0, 25.25, 75.75, 101
  assertEquals(wide.dtype, "float32");
  assertClose(wide, [0, 25, 76, 101], { atol: 0 });
});

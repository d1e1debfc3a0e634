import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { readSafetensors } from "../../../src/checkpoint/safetensors.ts";
import {
  evalTransform,
  type EvalTransformOptions,
} from "../../../src/data/augment/eval_transform.ts";
import { type Interpolation, resample, resizedImage } from "../../../src/data/augment/resample.ts";
import { imageTensor } from "../../../src/data/augment/resize.ts";
import type { DecodedImage } from "../../../src/data/image.ts";
import { resizeBytes } from "../../../src/data/pixels/resize.ts";
import type { Tensor } from "../../../src/tensor/tensor.ts";
import { testTensor } from "../../helpers.ts";

const path = fromFileUrl(new URL("../../golden/resample.safetensors", import.meta.url));

interface Case {
  readonly name: string;
  readonly op: string;
  readonly source: string;
}

/** Compares an operation with what Pillow gave, byte for byte. */
function compare<T extends Case>(op: string, apply: (image: DecodedImage, one: T) => Tensor): void {
  const { tensors, metadata } = readSafetensors(path);
  const cases: T[] = JSON.parse(metadata.cases).filter((each: Case) => each.op === op);
  for (const one of cases) {
    const [height, width] = tensors[`source.${one.source}`].shape;
    const pixels = tensors[`source.${one.source}`].toArray() as Uint8Array<ArrayBuffer>;
    const found = apply({ pixels, width, height }, one).permute([1, 2, 0]);
    assertEquals(found.toList(), tensors[one.name].toList(), one.name);
  }
}

testTensor("every filter gives Pillow's bytes, larger and smaller and to one side", () => {
  compare<Case & { size: [number, number]; interpolation: Interpolation }>(
    "resample",
    (image, { size, interpolation }) => resample(image, size, interpolation),
  );
});

testTensor(
  "images are cropped, squashed and bordered as torchvision and timm do with Pillow",
  () => {
    compare<Case & { size: number; options: EvalTransformOptions }>(
      "evalTransform",
      (image, { size, options }) => evalTransform(image, size, options),
    );
  },
);

testTensor(
  "bytes of any channels are resized alike whole and in a window, however long or tall",
  () => {
    // Rows and columns before and after; the first two enlarge beyond what is made whole, the third is very tall.
    const sizes = [
      [2, 9000, 40, 180000, 3],
      [9000, 2, 180000, 40, 1],
      [700, 3, 466, 2, 1],
      [
        64,
        101,
        32,
        50,
        3,
      ],
      [64, 101, 32, 50, 1],
      [64, 101, 32, 50, 2],
    ];
    for (const [height, width, rows, columns, channels] of sizes) {
      const length = channels * height * width;
      const pixels = new Uint8Array(length).map((_, i) => (i * 2654435761) >>> 24);
      const image = { pixels, width, height }, middle = (side: number) => Math.trunc(side / 2) - 1;
      const window = { top: middle(rows), left: middle(columns), height: 2, width: 2 };
      const seen = resizedImage(image, [rows, columns], "bicubic", window);
      const whole = {
        width: columns,
        height: rows,
        pixels: resizeBytes(image, { height: rows, width: columns }).pixels,
      };
      const expected = imageTensor(whole).narrow(1, window.top, 2).narrow(2, window.left, 2);
      assertEquals(seen.toList(), expected.toList());
      assertEquals(seen.toList(), resample(image, [rows, columns], "bicubic", window).toList());
    }
  },
);

testTensor("channels of 16 bits are resized without rounding", () => {
  const pixels = Float32Array.of(0, 100.5, 255, 1);
  const bilinear = resample({ pixels, width: 2, height: 2 }, [1, 1], "bilinear");
  assertEquals([bilinear.dtype, bilinear.item()], ["float32", (0 + 100.5 + 255 + 1) / 4]);
});

testTensor("a pixel at the rim of a box counts on its far side only, as in Pillow", () => {
  const pixels = Uint8Array.of(0, 90, 255);
  assertEquals(resample({ pixels, width: 3, height: 1 }, [1, 2], "box").toList(), [[[45, 255]]]);
});

testTensor("the long side before a crop is rounded down, as torchvision rounds it", () => {
  const pixels = Uint8Array.from({ length: 15 }, (_, i) => i % 5);
  const image = { pixels, width: 5, height: 3 };
  const seen = evalTransform(image, 4, { resize: 4, interpolation: "nearest" }); // of 6.67 columns 6
  assertEquals((seen.toList() as number[][][])[0][0], [1, 2, 2, 3]);
});

testTensor(
  "an image is resized whole where no window is asked for, by bicubic where no filter is",
  () => {
    const pixels = Uint8Array.from({ length: 3 * 9 * 7 }, (_, i) => (i * 37) % 251);
    const image = { width: 9, height: 7, pixels };
    const whole = { top: 0, left: 0, height: 4, width: 5 };
    for (const each of [image, { ...image, pixels: Float32Array.from(pixels) }]) {
      const seen = resizedImage(each, [4, 5]);
      assertEquals(seen.shape, [3, 4, 5]);
      assertEquals(seen.toList(), resizedImage(each, [4, 5], "bicubic", whole).toList());
      const linear = resizedImage(each, [4, 5], "bilinear");
      assertEquals(linear.toList(), resample(each, [4, 5], "bilinear", whole).toList());
    }
  },
);

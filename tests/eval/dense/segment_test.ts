import { assertEquals, assertNotEquals } from "@std/assert";
import { segment } from "../../../src/eval/dense/segment.ts";
import { SegmentationHead } from "../../../src/eval/dense/segmentation_head.ts";
import { segmentationProtocol } from "../../../src/eval/dense/segmentation_protocol.ts";
import { Generator, rand } from "../../../src/tensor/random.ts";
import type { Tensor } from "../../../src/tensor/tensor.ts";
import { testTensor } from "../../helpers.ts";
import { randomBackbone } from "./synthetic.ts";

/** Segments images by a random head on a random backbone, at some scales. */
function segmented(
  images: readonly Tensor[],
  { scales, flip = false }: { scales: readonly number[]; flip?: boolean },
): Tensor[] {
  using model = randomBackbone();
  using generator = new Generator(5);
  using head = new SegmentationHead(16, 4, { generator }).eval();
  const protocol = { ...segmentationProtocol({ imageSize: 16 }), scales, flip };
  return images.map((image) => segment({ model, head, protocol }, image));
}

function randomImage(): Tensor {
  using generator = new Generator(6);
  return rand([1, 3, 24, 36], { generator }).mul(255);
}

testTensor("the short side of a scaled image is cut down to whole pixels, to one at least", () => {
  const image = randomImage();
  const classes = (short: number) => segmented([image], { scales: [short / 16] })[0].toList();
  assertEquals(classes(27.75), classes(27));
  assertNotEquals(classes(27.75), classes(28));
  assertEquals(classes(0.5), classes(1));
});

testTensor("with mirrored images too, classes do not depend on left and right", () => {
  const image = randomImage();
  const images = [image, image.flip([3])];
  for (const flip of [true, false]) {
    const [seen, mirrored] = segmented(images, { scales: [1], flip });
    const different = seen.ne(mirrored.flip([1])).sum().item();
    assertEquals(different === 0, flip, `${different} pixels`);
  }
});

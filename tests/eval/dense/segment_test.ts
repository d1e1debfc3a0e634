import { assertEquals, assertNotEquals } from "@std/assert";
import { noGrad } from "../../../src/autograd/mode.ts";
import { normalizeImages } from "../../../src/data/augment/normalize.ts";
import { segmentationFeatures } from "../../../src/eval/dense/dense_features.ts";
import { resizeBilinear, scaledSize } from "../../../src/eval/dense/resize_bilinear.ts";
import { slide } from "../../../src/eval/dense/sliding_window.ts";
import { upsampleBilinear2d } from "../../../src/nn/functional.ts";
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

testTensor(
  "probabilities at every scale, upright and mirrored, are averaged over the windows' logits",
  () => {
    using model = randomBackbone();
    using generator = new Generator(5);
    using head = new SegmentationHead(2 * 16, 4, { generator }).eval();
    noGrad(() => head.convSeg.weight.mul_(300)); // so that the mean of logits is another
    const normalization = { mean: [0.1, 0.2, 0.3], std: [0.4, 0.5, 0.6] };
    const protocol = {
      ...segmentationProtocol({ imageSize: 16, stride: 5 }),
      ...{ scales: [1, 1.5], flip: true, blocks: 2 },
    };
    const image = randomImage();
    const classes = segment({ model, head, protocol, normalization }, image, { batchSize: 3 });
    const logits = (short: number, isMirrored: boolean) => {
      const resized = resizeBilinear(image, scaledSize({ width: 36, height: 24 }, short));
      const seen = normalizeImages(resized, normalization);
      const found = slide(
        isMirrored ? seen.flip([3]) : seen,
        { size: 16, stride: 5, batchSize: 100 },
        (windows) =>
          upsampleBilinear2d(head.forward(segmentationFeatures(model, windows, 2)), [16, 16]),
      );
      return upsampleBilinear2d(isMirrored ? found.flip([3]) : found, [24, 36]);
    };
    noGrad(() => {
      const all = [16, 24].flatMap((short) => [logits(short, false), logits(short, true)]);
      const sum = all.map((each) => each.softmax(1)).reduce((a, b) => a.add(b));
      const differences = (other: Tensor) => classes.ne(other.argmax(1).squeeze(0)).sum().item();
      assertEquals(differences(sum) < 4, true, "up to ties by rounding");
      assertNotEquals(differences(all.reduce((a, b) => a.add(b))), 0);
      assertNotEquals(differences(all[0]), 0);
    });
  },
);

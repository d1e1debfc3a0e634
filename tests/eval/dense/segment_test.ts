import { assertEquals, assertNotEquals } from "@std/assert";
import { segment } from "../../../src/eval/dense/segment.ts";
import { SegmentationHead } from "../../../src/eval/dense/segmentation_head.ts";
import { segmentationProtocol } from "../../../src/eval/dense/segmentation_protocol.ts";
import { Generator, rand } from "../../../src/tensor/random.ts";
import { testTensor } from "../../helpers.ts";
import { randomBackbone } from "./synthetic.ts";

testTensor("the short side of a scaled image is cut down to whole pixels", () => {
  using model = randomBackbone();
  using generator = new Generator(5);
  const image = rand([1, 3, 24, 36], { generator }).mul(255);
  using head = new SegmentationHead(16, 4, { generator }).eval();
  const protocol = segmentationProtocol({ imageSize: 16 });
  const classes = (short: number) =>
    segment({ model, head, protocol: { ...protocol, scales: [short / 16] } }, image).toList();
  assertEquals(classes(27.75), classes(27));
  assertNotEquals(classes(27.75), classes(28));
});

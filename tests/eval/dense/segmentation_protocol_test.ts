import { assertEquals, assertThrows } from "@std/assert";
import { segmentationProtocol } from "../../../src/eval/dense/segmentation_protocol.ts";

Deno.test("linear segmentation and its +ms have the reference's settings", () => {
  assertEquals(segmentationProtocol(), {
    ...{ imageSize: 512, stride: 341, blocks: 1 },
    ...{ ratioRange: [0.5, 2], scales: [1], flip: false },
  });
  assertEquals(segmentationProtocol({ ms: true }), {
    ...{ imageSize: 640, stride: 320, blocks: 4 },
    ...{ ratioRange: [1, 3], scales: [1, 1.32, 1.73, 2.28, 3], flip: true },
  });
});

Deno.test("the stride follows the size unless it is given, up to the size itself", () => {
  assertEquals(segmentationProtocol({ imageSize: 100 }).stride, 66);
  assertEquals(segmentationProtocol({ imageSize: 101, ms: true }).stride, 50);
  assertEquals(segmentationProtocol({ imageSize: 1 }).stride, 1);
  assertEquals(segmentationProtocol({ imageSize: 100, stride: 100 }).stride, 100);
  for (const options of [{ imageSize: 100, stride: 101 }, { stride: 0 }, { imageSize: 0 }]) {
    assertThrows(() => segmentationProtocol(options), RangeError, "Cannot segment images of");
  }
});

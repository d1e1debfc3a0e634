import { assertEquals, assertThrows } from "@std/assert";
import { depthDatasets, depthProtocol } from "../../../src/eval/dense/depth_protocol.ts";

Deno.test("each data set has the reference's depths, views and blocks", () => {
  const of = (options: Parameters<typeof depthProtocol>[0]) => {
    const { minDepth, maxDepth, cropSize, layers } = depthProtocol(options);
    return [minDepth, maxDepth, ...cropSize, layers];
  };
  assertEquals(depthDatasets, ["nyu", "kitti", "plain"]);
  assertEquals(of({}), [0.001, 10, 416, 544, 1]);
  assertEquals(of({ dataset: "kitti" }), [0.001, 80, 352, 704, 1]);
  assertEquals(of({ dataset: "plain" }), [0.001, 10, 416, 544, 1]);
  assertEquals(
    of({ dataset: "kitti", layers: 4, maxDepth: 50, cropSize: [8, 9] }),
    [0.001, 50, 8, 9, 4],
  );
});

Deno.test("windows are NYU's, Garg's or the whole image", () => {
  const nyu = depthProtocol(), kitti = depthProtocol({ dataset: "kitti" });
  const size = { height: 480, width: 640 };
  assertEquals(nyu.trainWindow(size), { top: 45, left: 43, height: 427, width: 565 });
  assertEquals(nyu.evalWindow(size), { top: 45, left: 41, height: 426, width: 560 });
  const drive = { height: 375, width: 1242 };
  assertEquals(kitti.trainWindow(drive), { top: 0, left: 0, ...drive });
  assertEquals(kitti.evalWindow(drive), {
    top: 153,
    left: 44,
    height: 371 - 153,
    width: 1197 - 44,
  });
  const plain = depthProtocol({ dataset: "plain" });
  for (const window of [plain.trainWindow, plain.evalWindow]) {
    assertEquals(window(drive), { top: 0, left: 0, ...drive });
  }
  for (const other of [{ height: 480, width: 641 }, { height: 479, width: 640 }]) {
    assertThrows(() => nyu.evalWindow(other), RangeError, "only on 640x480");
  }
});

Deno.test("depths and sizes that make no protocol are refused", () => {
  for (const maxDepth of [0.001, 0, NaN, Infinity]) {
    assertThrows(() => depthProtocol({ maxDepth }), RangeError, "Cannot estimate depths up to");
  }
  for (const cropSize of [[0, 4], [4, 2.5]] as const) {
    assertThrows(() => depthProtocol({ cropSize }), RangeError, "give two whole numbers from 1");
  }
});

import { assert, assertEquals, assertThrows } from "@std/assert";
import { Stream } from "../../../src/random/stream.ts";
import { bootstrapIntervals } from "../../../src/eval/dense/bootstrap.ts";
import { type ClassAreas, classAreas } from "../../../src/eval/dense/class_areas.ts";
import { segmentationScores } from "../../../src/eval/dense/segmentation_scores.ts";
import { tensor } from "../../../src/tensor/create.ts";
import { assertClose, testTensor } from "../../helpers.ts";

function areas(found: number[], labels: number[], numClasses: number): ClassAreas {
  const shape = [1, labels.length];
  return classAreas(
    tensor(BigInt64Array.from(found, BigInt), { shape }),
    tensor(Uint8Array.from(labels), { shape }),
    numClasses,
  );
}

testTensor("areas are counted among labelled pixels", () => {
  const { intersect, label, predicted } = areas([0, 1, 1, 2, 0, 2], [0, 0, 1, 1, 255, 2], 4);
  assertEquals([...intersect], [1, 1, 1, 0]);
  assertEquals([...label], [2, 2, 1, 0]);
  assertEquals([...predicted], [1, 2, 2, 0]);
});

testTensor("scores are those of mmsegmentation, over all images together", () => {
  const scores = segmentationScores([
    areas([0, 1, 1, 2], [0, 0, 1, 1], 4),
    areas([2, 0], [2, 255], 4),
  ]);
  const [a, b, c] = [1 / 2, 1 / 3, 1 / 2]; // class 3 is nowhere
  assertClose([scores.IoU[0]!, scores.IoU[1]!, scores.IoU[2]!], [100 * a, 100 * b, 100 * c]);
  assertEquals([scores.IoU[3], scores.Acc[3]], [null, null]);
  assertClose(scores.mIoU.percent, 100 * (a + b + c) / 3);
  assertClose(scores.mAcc.percent, 100 * (1 / 2 + 1 / 2 + 1) / 3);
  assertClose(scores.aAcc.percent, 100 * 3 / 5);
});

testTensor(
  "a class that is never found counts as 0 in the means, and one found in vain too",
  () => {
    const scores = segmentationScores([areas([0, 0, 2, 2], [0, 0, 0, 1], 4)]);
    assertClose(scores.IoU.slice(0, 3) as number[], [100 * 2 / 3, 0, 0]);
    assertClose(scores.mIoU.percent, 100 * (2 / 3) / 3);
    assertClose(scores.mAcc.percent, 100 * (2 / 3) / 2);
  },
);

testTensor("they agree with counting pixel by pixel", () => {
  const stream = new Stream(0, "scores");
  const draw = (classes: number[]) =>
    Array.from({ length: 500 }, () => classes[stream.integer(0, classes.length - 1)]);
  const [labels, found] = [draw([0, 1, 2, 4, 255]), draw([0, 1, 2, 3])];
  const scores = segmentationScores([areas(found, labels, 6)]);
  const pixels = labels.map((label, i) => [label, found[i]]).filter(([label]) => label !== 255);
  for (let k = 0; k < 6; k++) {
    const both = pixels.filter(([label, other]) => label === k && other === k).length;
    const either = pixels.filter(([label, other]) => label === k || other === k).length;
    assertClose(scores.IoU[k] ?? -1, either === 0 ? -1 : 100 * both / either);
  }
  const right = pixels.filter(([label, other]) => label === other).length;
  assertClose(scores.aAcc.percent, 100 * right / pixels.length);
});

Deno.test("without a labelled pixel there is no score", () => {
  const none = {
    intersect: new Float64Array(2),
    label: new Float64Array(2),
    predicted: new Float64Array(2),
  };
  assertThrows(() => segmentationScores([none]), RangeError, "without labelled pixels");
});

Deno.test("the interval of a mean is the normal one where there are many images", () => {
  const stream = new Stream(1, "values");
  const values = Array.from({ length: 400 }, () => 5 + 2 * stream.normal());
  const mean = (draw: readonly number[]) =>
    draw.reduce((sum, i) => sum + values[i], 0) / draw.length;
  const own = mean(values.map((_, i) => i));
  const spread = Math.sqrt(values.reduce((sum, x) => sum + (x - own) ** 2, 0) / 400 / 400);
  const [[low, high], same] = bootstrapIntervals(400, (draw) => [mean(draw), mean(draw)]);
  assertClose([low, high], [own - 1.96 * spread, own + 1.96 * spread], {
    atol: 0.25 * spread,
    rtol: 0,
  });
  assertEquals([low, high], same);
  assert(low < own && own < high);
});

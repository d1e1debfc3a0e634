import { assertEquals } from "@std/assert";
import { TopCounter, type TopCounts } from "../../src/eval/top_counts.ts";
import { tensor } from "../../src/tensor/create.ts";
import { assertClose, testTensor } from "../helpers.ts";

/** Counts of one classifier. */
function count(scores: number[][], labels: number[]): TopCounts {
  const counter = new TopCounter(1, scores[0].length, "cpu");
  counter.add(
    tensor(scores).unsqueeze(1),
    tensor(BigInt64Array.from(labels, BigInt)),
  );
  return counter.read()[0];
}

testTensor(
  "the class of the highest score comes first, of equal ones that of the lower index",
  () => {
    assertEquals(count([[0, 2, 1], [0, 2, 2], [0, 2, 2]], [1, 1, 2]).top1, 2);
  },
);

testTensor("the fifth place counts, the sixth does not", () => {
  const scores = [9, 8, 7, 6, 5, 4, 3];
  assertEquals([4, 5].map((label) => count([scores], [label]).top5), [1, 0]);
  const tied = [1, 1, 1, 1, 1, 1, 1];
  assertEquals([4, 5].map((label) => count([tied], [label]).top5), [1, 0]);
});

testTensor("of five classes every one is among the first five, which is no score", () => {
  assertEquals([5, 6].map((classes) => "top5" in count([Array(classes).fill(1)], [0])), [
    false,
    true,
  ]);
});

testTensor("the mean per class weighs classes alike and leaves out those without images", () => {
  const first = [1, 0, 0, 0], second = [0, 1, 0, 0];
  const { top1, meanPerClass } = count([first, first, first, first], [0, 0, 0, 1]);
  assertEquals([top1, meanPerClass], [3, (1 + 0) / 2]);
  assertEquals(count([second, first, first], [1, 1, 0]).meanPerClass, (1 / 2 + 1) / 2);
});

testTensor(
  "NaN is never right, in two classes or twenty, and tells that a classifier diverged",
  () => {
    for (const classes of [2, 5, 20]) {
      for (const own of [0, classes - 1]) {
        const all = count([Array(classes).fill(NaN)], [own]);
        assertEquals(all, {
          ...{ top1: 0, meanPerClass: 0, isFinite: false },
          ...classes > 5 && { top5: 0 },
        });
        const scores = Array(classes).fill(1);
        scores[own] = NaN;
        assertEquals([count([scores], [own])].map(({ top1, top5 = 0 }) => [top1, top5]), [[0, 0]]);
      }
    }
    const other = count([[NaN, 1, 0]], [1]);
    assertEquals([other.top1, other.isFinite], [0, false], "nor does it let another class win");
    assertEquals(count([[Infinity, 1]], [0]).isFinite, false);
    assertEquals(count([[-Infinity, 1]], [1]), {
      top1: 1,
      meanPerClass: 1,
      isFinite: true,
    });
  },
);

testTensor("classifiers are counted one by one, over several batches", () => {
  const counter = new TopCounter(2, 3, "cpu");
  const labels = tensor(BigInt64Array.of(0n, 2n));
  counter.add(tensor([[[1, 0, 0], [0, 1, 0]], [[0, 0, 1], [0, 0, 1]]]), labels);
  counter.add(tensor([[[0, 1, 0], [NaN, 0, 0]]]), tensor(BigInt64Array.of(0n)));
  const [a, b] = counter.read();
  assertEquals([a.top1, a.isFinite, b.top1, b.isFinite], [2, true, 1, false]);
  assertClose([a.meanPerClass, b.meanPerClass], [(1 / 2 + 1) / 2, 1 / 2]);
});

import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import {
  SequentialSampler,
  ShuffledSampler,
  spreadEvenly,
  trainingOrder,
} from "../../src/data/sampler.ts";

function orderOf(sampler: ShuffledSampler, from: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => sampler.indexAt(from + i));
}

Deno.test("every epoch holds every image once, in another order", () => {
  const sampler = new ShuffledSampler(50, { seed: 3 });
  const [first, second] = [orderOf(sampler, 0, 50), orderOf(sampler, 50, 50)];
  const all = Array.from({ length: 50 }, (_, i) => i);
  assertEquals(first.toSorted((a, b) => a - b), all);
  assertEquals(second.toSorted((a, b) => a - b), all);
  assertNotEquals(first, second);
});

Deno.test("the order depends on the seed and the place alone", () => {
  const sampler = new ShuffledSampler(20, { seed: 3 });
  const straight = orderOf(sampler, 0, 60);
  assertEquals(orderOf(new ShuffledSampler(20, { seed: 3 }), 33, 20), straight.slice(33, 53));
  assertEquals(orderOf(sampler, 7, 20), straight.slice(7, 27));
  assertNotEquals(orderOf(new ShuffledSampler(20, { seed: 4 }), 0, 60), straight);
  const unnamed = orderOf(new ShuffledSampler(20), 0, 60);
  assertEquals(unnamed, orderOf(new ShuffledSampler(20, { seed: 0 }), 0, 60));
});

Deno.test("the sequential order ends behind the last image", () => {
  const sampler = new SequentialSampler(2);
  assertEquals([0, 1, 2, 9].map((place) => sampler.indexAt(place)), [0, 1, undefined, undefined]);
});

Deno.test("an order of nothing is refused", () => {
  assertThrows(() => new ShuffledSampler(0), RangeError, "Cannot sample from 0 images");
  const grouped = (paths: string[], starts: number[]) =>
    trainingOrder({ root: "", paths, groups: { starts, together: 1 } });
  assertThrows(() => grouped([], []), RangeError, "Cannot sample from 0 images");
  const one = grouped(["a"], [0]);
  assertEquals([new ShuffledSampler(1).indexAt(5), one.indexAt(5)], [0, 0]);
  assert(new SequentialSampler(0).indexAt(0) === undefined);
});

Deno.test("images of groups read together are shuffled otherwise in each window", () => {
  const groups = { starts: [0, 20, 40], together: 1 };
  const sampler = trainingOrder({ root: "", paths: Array(60).fill(""), groups }, { seed: 1 });
  const windows = [0, 20, 40].map((from) =>
    Array.from({ length: 20 }, (_, i) => sampler.indexAt(from + i) % 20)
  );
  assertNotEquals(windows[0], windows[1]);
  assertNotEquals(windows[1], windows[2]);
});

Deno.test("indices are spread from the first to near the end, not the first ones", () => {
  assertEquals(spreadEvenly(10, 5), [0, 2, 4, 6, 8]);
  assertEquals(spreadEvenly(7, 3), [0, 2, 4]);
  assertEquals(spreadEvenly(10_000, 5000).at(-1), 9998);
});

Deno.test("where there are fewer than wanted, all are taken, and of none none", () => {
  assertEquals(spreadEvenly(3, 5), [0, 1, 2]);
  assertEquals(spreadEvenly(3, 3), [0, 1, 2]);
  assertEquals(spreadEvenly(0, 5), []);
});

Deno.test("images are drawn in proportion to their weights, and never with the weight 0", () => {
  const weights = Float64Array.of(0, 1, 3, 0, 4, 0);
  const sampler = trainingOrder({ root: "", paths: Array(6).fill(""), weights }, { seed: 1 });
  const counts = Array(6).fill(0);
  for (let i = 0; i < 40_000; i++) counts[sampler.indexAt(i)]++;
  for (const [image, share] of [0, 1 / 8, 3 / 8, 0, 1 / 2, 0].entries()) {
    assertAlmostEquals(counts[image] / 40_000, share, share && 0.01);
  }
  const last = trainingOrder({ root: "", paths: ["a", "b"], weights: Float64Array.of(1, 1) });
  const images = Array.from({ length: 1000 }, (_, i) => last.indexAt(i));
  assertAlmostEquals(images.reduce((a, b) => a + b) / 1000, 0.5, 0.05, "the last one too");
  const draws = (from: number, seed: number) => {
    const sampler = trainingOrder({ root: "", paths: Array(6).fill(""), weights }, { seed });
    return Array.from({ length: 1000 }, (_, i) => sampler.indexAt(from + i));
  };
  assertEquals(draws(500, 1).slice(500), draws(1000, 1).slice(0, 500), "a place is drawn alike");
  assertNotEquals(draws(0, 1), draws(0, 2));
  assertNotEquals(draws(0, 1), draws(1024, 1), "draws do not repeat");
});

Deno.test("weights that cannot be drawn by are refused", () => {
  const order = (...weights: number[]) => () =>
    trainingOrder({ root: "", paths: ["a"], weights: Float64Array.from(weights) });
  assertThrows(order(1, -1), RangeError, "the weight -1");
  assertThrows(order(1, NaN), RangeError, "the weight NaN");
  for (const weights of [[0, 0], [Infinity, 1]]) {
    assertThrows(order(...weights), RangeError, `weights have the sum ${weights[0]}`);
  }
});

Deno.test("groups are read so many at a time, and every epoch has every image once in another order", () => {
  const folder = {
    root: "",
    paths: Array(10).fill(""),
    groups: { starts: [0, 3, 5, 9], together: 2 },
  };
  const sampler = trainingOrder(folder, { seed: 2 });
  const groupOf = (image: number) => folder.groups.starts.findLastIndex((start) => start <= image);
  const epochs = [0, 1, 2].map((epoch) =>
    Array.from({ length: 10 }, (_, i) => sampler.indexAt(10 * epoch + i))
  );
  for (const epoch of epochs) {
    assertEquals(epoch.toSorted((a, b) => a - b), Array.from({ length: 10 }, (_, i) => i));
    const groups = epoch.map(groupOf);
    const first = new Set(
      groups.slice(0, groups.findIndex((_, i) => new Set(groups.slice(0, i + 1)).size > 2)),
    );
    const rest = groups.slice(groups.findIndex((group) => !first.has(group)));
    assertEquals([first.size, rest.filter((group) => first.has(group))], [2, []]);
  }
  assertNotEquals(epochs[0], epochs[1]);
  assertEquals(trainingOrder(folder, { seed: 2 }).indexAt(23), epochs[2][3]);
  assertEquals(trainingOrder(folder).indexAt(4), trainingOrder(folder, { seed: 0 }).indexAt(4));
});

Deno.test("the orders of a seed stay what they were, so that runs can go on and be repeated", () => {
  const order = (folder: object) => {
    const sampler = trainingOrder({ root: "", paths: Array(8).fill(""), ...folder }, { seed: 3 });
    return Array.from({ length: 16 }, (_, i) => sampler.indexAt(i)).join(" ");
  };
  const weights = Float64Array.of(1, 2, 3, 4, 4, 3, 2, 1);
  assertEquals(order({}), "0 1 4 2 7 5 6 3 6 1 5 0 7 3 4 2");
  assertEquals(
    order({ groups: { starts: [0, 3, 5], together: 2 } }),
    "6 5 7 3 4 0 1 2 2 0 4 1 3 6 5 7",
  );
  assertEquals(order({ weights }), "5 3 2 4 4 1 5 4 1 4 4 5 3 5 4 3");
});

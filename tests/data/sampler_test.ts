import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import {
  GroupedSampler,
  SequentialSampler,
  ShuffledSampler,
  spreadEvenly,
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
  assert(new SequentialSampler(0).indexAt(0) === undefined);
});

Deno.test("images of groups read together are shuffled otherwise in each window", () => {
  const groups = { starts: [0, 20, 40], together: 1 };
  const sampler = new GroupedSampler(60, groups, { seed: 1 });
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

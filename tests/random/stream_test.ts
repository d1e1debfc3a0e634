import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { Stream } from "../../src/random/stream.ts";

function draws(stream: Stream, count: number): number[] {
  return Array.from({ length: count }, () => stream.next());
}

function correlation(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - 0.5) * (b[i] - 0.5);
  return (12 * sum) / a.length;
}

Deno.test("a stream repeats itself for the same seed and path", () => {
  assertEquals(draws(new Stream(7, "crop", 3), 5), draws(new Stream(7, "crop", 3), 5));
});

Deno.test("a stream's values never change between versions", () => {
  assertEquals(draws(new Stream(0), 3), [
    0.5873516487027337,
    0.8976189612945324,
    0.7532037384971302,
  ]);
  assertEquals(draws(new Stream(42, "sampler", 1), 2), [
    0.37213372525829447,
    0.3448244872467009,
  ]);
});

Deno.test("streams of neighbouring paths are uncorrelated", () => {
  const paths: (number | string)[][] = [[], [0], [1], ["0"], [0, 0], [0, 1], [1, 0], ["a"], ["b"]];
  const sequences = paths.map((path) => draws(new Stream(5, ...path), 4000));
  for (let i = 0; i < sequences.length; i++) {
    for (let j = 0; j < i; j++) {
      assert(
        Math.abs(correlation(sequences[i], sequences[j])) < 0.08,
        `paths ${JSON.stringify(paths[i])} and ${JSON.stringify(paths[j])}`,
      );
    }
  }
});

Deno.test("the first draws of many consecutive streams are uniform", () => {
  const counts = new Array(16).fill(0);
  for (let i = 0; i < 16000; i++) counts[Math.floor(new Stream(1, "sample", i).next() * 16)]++;
  const chiSquare = counts.reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0);
  assert(chiSquare < 40, `chi square ${chiSquare} with 15 degrees of freedom`);
});

Deno.test("text joined differently is a different path", () => {
  assertNotEquals(new Stream(0, "ab", "c").next(), new Stream(0, "a", "bc").next());
  assertNotEquals(new Stream(0, 1).next(), new Stream(0, "1").next());
});

Deno.test("uniform numbers have the mean and variance of their range", () => {
  const stream = new Stream(3);
  const values = Array.from({ length: 20000 }, () => stream.uniform(-2, 4));
  const mean = values.reduce((a, b) => a + b) / values.length;
  const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length;
  assert(Math.min(...values) >= -2 && Math.max(...values) < 4);
  assert(Math.abs(mean - 1) < 0.05, `mean ${mean}`);
  assert(Math.abs(variance - 3) < 0.1, `variance ${variance}`);
});

Deno.test("normal numbers have mean 0, deviation 1 and normal tails", () => {
  const stream = new Stream(4);
  const values = Array.from({ length: 20000 }, () => stream.normal());
  const moment = (k: number) => values.reduce((a, b) => a + b ** k, 0) / values.length;
  assert(Math.abs(moment(1)) < 0.03, `mean ${moment(1)}`);
  assert(Math.abs(moment(2) - 1) < 0.05, `variance ${moment(2)}`);
  assert(Math.abs(moment(4) - 3) < 0.3, `fourth moment ${moment(4)}`);
});

Deno.test("integers reach both bounds evenly", () => {
  const stream = new Stream(5);
  const counts = new Map<number, number>();
  for (let i = 0; i < 6000; i++) {
    const n = stream.integer(-1, 4);
    counts.set(n, (counts.get(n) ?? 0) + 1);
  }
  assertEquals([...counts.keys()].sort((a, b) => a - b), [-1, 0, 1, 2, 3, 4]);
  for (const [n, count] of counts) assert(Math.abs(count - 1000) < 150, `${n}: ${count}`);
});

Deno.test("bernoulli draws are true as often as asked", () => {
  const stream = new Stream(6);
  let hits = 0;
  for (let i = 0; i < 10000; i++) if (stream.bernoulli(0.3)) hits++;
  assert(Math.abs(hits - 3000) < 200, `${hits} of 10000`);
  assert(!stream.bernoulli(0) && stream.bernoulli(1));
});

Deno.test("a permutation holds every index once and moves most of them", () => {
  const order = new Stream(8).permutation(1000);
  assertEquals([...order].sort((a, b) => a - b), Array.from({ length: 1000 }, (_, i) => i));
  assert(order.filter((n, i) => n === i).length < 10);
  assertEquals(new Stream(8).permutation(0).length, 0);
});

Deno.test("every order is as likely as any other", () => {
  const stream = new Stream(9);
  const counts = new Map<string, number>();
  for (let i = 0; i < 6000; i++) {
    const order = stream.permutation(3).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  assertEquals([...counts.keys()].sort(), ["012", "021", "102", "120", "201", "210"]);
  for (const [order, count] of counts) assert(Math.abs(count - 1000) < 150, `${order}: ${count}`);
});

Deno.test("a stream's choices never change between versions", () => {
  const stream = new Stream(7, "choices");
  const drawn = [
    stream.uniform(-1, 3),
    stream.integer(1, 6),
    stream.bernoulli(0.5),
    Number(stream.normal().toFixed(12)),
  ];
  assertEquals(drawn, [1.8418894067599876, 3, true, -2.478730859071]);
  assertEquals([...stream.permutation(5)], [3, 0, 4, 2, 1]);
});

Deno.test("bounds and seeds that make no sense are refused", () => {
  assertThrows(() => new Stream(NaN), RangeError, "Cannot seed a random stream with NaN");
  assertThrows(() => new Stream(0).integer(3, 2), RangeError, "from 3 to 2");
  assertThrows(() => new Stream(0).integer(0.5, 2), RangeError, "must be integers");
});

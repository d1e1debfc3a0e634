import "../native.ts";
import { assertEquals, assertNotEquals } from "@std/assert";
import { fewShotSubset, mostPerClass, upTo } from "../../src/eval/few_shot.ts";

const labels = Uint32Array.from({ length: 300 }, (_, i) => i % 7 === 0 ? 5 : i % 3);

Deno.test("every class gives as many images as asked, none twice", () => {
  const chosen = fewShotSubset(labels, 4, 0);
  assertEquals(new Set(chosen).size, chosen.length);
  assertEquals(Array.from(chosen, (i) => labels[i]), [0, 1, 2, 5].flatMap((c) => [c, c, c, c]));
});

Deno.test("a class that has fewer gives all it has", () => {
  const chosen = fewShotSubset(Uint32Array.of(3, 3, 8), 5, 0);
  assertEquals(chosen.toSorted(), Uint32Array.of(0, 1, 2));
});

Deno.test("the choice is that of the seed", () => {
  assertEquals(fewShotSubset(labels, 4, 1), fewShotSubset(labels, 4, 1));
  assertNotEquals(fewShotSubset(labels, 4, 1), fewShotSubset(labels, 4, 2));
});

Deno.test("classes of one size are drawn from independently of each other", () => {
  const two = Uint32Array.from({ length: 80 }, (_, i) => i % 2);
  const places = Array.from(fewShotSubset(two, 5, 0), (index) => Math.floor(index / 2));
  assertNotEquals(places.slice(0, 5), places.slice(5));
});

Deno.test("numbers above a limit become the limit, once", () => {
  assertEquals(upTo(5, [1, 5, 7, 9, 1]), [1, 5]);
  assertEquals([mostPerClass(Uint32Array.of(3, 3, 8, 3)), mostPerClass(new Uint32Array())], [3, 0]);
});

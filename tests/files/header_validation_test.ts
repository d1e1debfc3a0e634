import { assertEquals, assertThrows } from "@std/assert";
import { isCount, isCounts, isRecord, parseObject } from "../../src/files/header_validation.ts";

Deno.test("counts are whole numbers from 0 that a double holds exactly", () => {
  assertEquals([0, 1, 2 ** 53 - 1].map(isCount), [true, true, true]);
  const others = [-1, 0.5, 2 ** 53, NaN, Infinity, "1", null];
  assertEquals(others.map(isCount), others.map(() => false));
  assertEquals([[], [0, 2], [1, -1], { length: 0 }].map(isCounts), [true, true, false, false]);
});

Deno.test("a configuration is an object, not a list or a lone value", () => {
  assertEquals([{}, { a: 1 }, [], null, "a"].map(isRecord), [true, true, false, false, false]);
  assertEquals(parseObject('{"a": [1]}'), { a: [1] });
  assertThrows(() => parseObject("{"), Error, "it is not JSON");
  for (const text of ["[]", "null", "3"]) {
    assertThrows(() => parseObject(text), Error, "it is not a configuration");
  }
});

import { assertEquals, assertThrows } from "@std/assert";
import { NO_LABEL, numberClasses } from "../../../src/data/sources/labels.ts";
import { textColumn } from "../../../src/data/sources/text_column.ts";

const numbersOf = (texts: (string | undefined)[], classes?: string[]) =>
  numberClasses([texts.slice(0, 2), texts.slice(2)].map(textColumn), classes); // as of two shards
const numbered = (texts: (string | undefined)[], classes?: string[]) => {
  const { classes: names, labels } = numbersOf(texts, classes);
  return [names, labels && [...labels]];
};

Deno.test("whole numbers are numbers of classes, those below 0 and blanks are none", () => {
  assertEquals(numbered(["007", " 2", "+1", "-1", "", undefined]), [
    ["0", "1", "2", "3", "4", "5", "6", "7"],
    [7, 2, 1, NO_LABEL, NO_LABEL, NO_LABEL],
  ]);
});

Deno.test("texts are names where one is no number, in the order of code units", () => {
  assertEquals(numbered(["b", "Z", " b ", "10", "2", ""]), [
    ["10", "2", "Z", "b"],
    [3, 2, 3, 0, 1, NO_LABEL],
  ]);
  assertEquals(numbered(["1.5", "1"])[0], ["1", "1.5"]);
});

Deno.test("a source that names its classes numbers them, and no further", () => {
  assertEquals(numbered(["1", "0"], ["cat", "dog", "ant"]), [["cat", "dog", "ant"], [1, 0]]);
  assertThrows(() => numbersOf(["3"], ["cat", "dog", "ant"]), RangeError, "only 3 are named");
});

Deno.test("images without any class have none, and a number beyond any table is refused", () => {
  for (const none of [[], [undefined, " "], ["-1"]]) assertEquals(numbersOf(none), {});
  assertThrows(() => numbersOf(["10000000"]), RangeError, "up to 10000000: below 10000000");
  assertThrows(() => numbersOf(["9999999"], []), RangeError, "the name of class 9999999");
});

import { assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { expandPattern, isPattern, parseSource } from "../../../src/data/sources/pattern.ts";
import { withEmptyFiles } from "../../temp_folder.ts";

Deno.test("the part behind a path is told by any of its names", () => {
  assertEquals(parseSource("a:b/c"), { path: "a:b/c" });
  assertEquals(parseSource("a:split=x:split=Dev"), { path: "a:split=x", split: "validation" });
  assertEquals(parseSource("a:split=training"), { path: "a", split: "train" });
  assertThrows(() => parseSource("a:split=all"), TypeError, "train, validation or test");
});

Deno.test("braces stand for numbers as long as they are written, or for words, each with each", () => {
  assertEquals(expandPattern("a{08..11}.tar"), ["a08.tar", "a09.tar", "a10.tar", "a11.tar"]);
  assertEquals(expandPattern("{a,b}{1..2}"), ["a1", "a2", "b1", "b2"]);
  assertEquals([expandPattern("a{3..2}"), expandPattern("a{5..5}")], [[], ["a5"]]);
  assertEquals(["a{1..2}", "a{b,c}", "a*", "a{b}", "a"].map(isPattern), [
    true,
    true,
    true,
    false,
    false,
  ]);
});

Deno.test("a million files are the most", () => {
  assertEquals(expandPattern("{1..1000}{1..1000}").length, 1_000_000);
  const beyond = "expands to more than 1000000 files";
  assertThrows(() => expandPattern("{0..1000000}"), Error, beyond);
  assertThrows(() => expandPattern("{1..1000}{0..1000}"), Error, beyond);
});

Deno.test("a star stands for what is there, in order, in the last name only", async () => {
  const names = [3, 1, 0, 4, 2].map((i) => `a${i}.tar`); // ordered neither as made nor the other way
  await withEmptyFiles(["b1.tar", ...names, "a+1.tar", "a1.tarx", "d/a2.tar"], (root) => {
    assertEquals(
      expandPattern(join(root, "a*.tar")),
      ["a+1.tar", ...names.sort()].map((name) => join(root, name)),
    );
    assertEquals(expandPattern(join(root, "a+*")), [join(root, "a+1.tar")]);
    for (const place of ["none", "a1.tar"]) assertEquals(expandPattern(join(root, place, "*")), []);
    assertThrows(() => expandPattern(join(root, "*/a")), Error, "only possible in the last name");
    return Promise.resolve();
  });
});

import { assertEquals, assertThrows } from "@std/assert";
import type { ImageFolder } from "../../src/data/folder.ts";
import { NO_LABEL } from "../../src/data/sources/labels.ts";
import { alignClasses, checkClasses } from "../../src/eval/classes.ts";

function folder(root: string, classes?: string[]): ImageFolder {
  const paths = (classes ?? ["x"]).map((name) => `${name}/1.png`);
  return classes === undefined
    ? { root, paths }
    : { root, paths, classes, labels: Uint32Array.from(classes, (_, i) => i) };
}

Deno.test("classes are numbered as in the training folder, by their names", () => {
  const train = folder("train", ["ape", "bee", "cat", "dog"]);
  const aligned = alignClasses(train, folder("val", ["bee", "dog"]));
  assertEquals(aligned.labels, Uint32Array.of(1, 3));
  assertEquals(aligned.classes, train.classes);
});

Deno.test("a class is the same whether its accents are written with their letters or apart, as by macOS", () => {
  const [together, apart] = ["café", "cafe\u0301"];
  const numbers = (train: string[], ...val: string[]) => [
    ...alignClasses(folder("train", train), folder("val", val)).labels!,
  ];
  assertEquals(numbers(["bar", apart], together, "bar"), [1, 0]);
  assertEquals(numbers(["bar", together], apart, "bar"), [1, 0]);
  assertEquals(numbers([apart, together], together, apart), [1, 0]);
});

Deno.test("a class that the training folder lacks is named", () => {
  assertThrows(
    () => alignClasses(folder("train", ["ape", "bee"]), folder("val", ["ape", "eel"])),
    Error,
    "Cannot evaluate val against train: the classes eel are missing there",
  );
});

Deno.test("a folder without classes is refused with the cure", () => {
  const labelled = folder("labelled", ["ape", "bee"]);
  for (const pair of [[folder("flat"), labelled], [labelled, folder("flat")]] as const) {
    assertThrows(
      () => alignClasses(...pair),
      Error,
      "Cannot evaluate on flat: it has no classes",
    );
  }
});

Deno.test("images whose class is not known take no part, and are told", () => {
  const train = folder("train", ["ape", "bee", "cat"]);
  const val = folder("val", ["ape", "bee", "cat"]);
  const labels = Uint32Array.of(0, NO_LABEL, 2);
  const { paths, leftOut, labels: known } = alignClasses(train, { ...val, labels });
  assertEquals([paths, Array.from(known!)], [["ape/1.png", "cat/1.png"], [0, 2]]);
  assertEquals(leftOut?.map(({ count, examples }) => [count, examples]), [[1, ["bee/1.png"]]]);
  assertEquals(checkClasses(val).leftOut, undefined);
});

Deno.test("a class that no image has need not be known, and the first twenty images without one are named", () => {
  const train = folder("train", ["ape", "bee"]);
  const val = { ...folder("val", ["bee", "eel"]), paths: ["bee/1.png"], labels: Uint32Array.of(0) };
  assertEquals(alignClasses(train, val).labels, Uint32Array.of(1));
  const paths = Array.from({ length: 30 }, (_, i) => `${i}.png`);
  const labels = new Uint32Array(30).fill(NO_LABEL, 1);
  const left = {
    reason: "its class is listed twice",
    count: 1,
    examples: [],
    kind: "lost" as const,
  };
  const { leftOut } = checkClasses({ root: "r", paths, classes: ["ape"], labels, leftOut: [left] });
  assertEquals(leftOut, [
    left,
    {
      ...{ reason: "its class is not known", count: 29, kind: "lost" },
      examples: paths.slice(1, 21),
    },
  ]);
});

import { assertEquals, assertThrows } from "@std/assert";
import type { ImageFolder } from "../../src/data/folder.ts";
import { alignClasses } from "../../src/eval/classes.ts";

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
      "Cannot evaluate on flat: it tells no classes",
    );
  }
});

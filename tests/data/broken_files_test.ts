import { assertEquals, assertThrows } from "@std/assert";
import { BrokenFiles, NotedFiles, seenInTraining } from "../../src/data/broken_files.ts";

function named(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${i}.jpg`);
}

Deno.test("a small folder may have a broken file or two", () => {
  const files = new BrokenFiles(named(3), 0.1);
  files.addGood(0);
  files.addBroken(1, "cut off");
  files.addGood(2);
  assertEquals(files.list(), [{ path: "1.jpg", reason: "cut off" }]);
  assertEquals([files.has(0), files.has(1)], [false, true]);
});

Deno.test("a folder of nothing but broken files is refused at its last file", () => {
  const files = new BrokenFiles(named(2), 1);
  files.addBroken(0, "empty");
  assertThrows(() => files.addBroken(1, "empty"), Error, "Cannot decode 2 of the first 2 images");
});

Deno.test("more broken files than tolerated are refused, and the first ones are listed", () => {
  const files = new BrokenFiles(named(1000), 0.1);
  for (let i = 0; i < 100; i++) files.addGood(i);
  for (let i = 100; i < 120; i++) files.addBroken(i, "cut off");
  const error = assertThrows(() => files.addBroken(120, "cut off"), Error);
  assertEquals(error.message.split("\n").slice(0, 2), [
    "Cannot decode 21 of the first 121 images, more than the tolerated share of 0.1; " +
    "repair or remove them",
    "  100.jpg: cut off",
  ]);
  assertEquals(error.message.split("\n").at(-1), "  and 11 more");
});

Deno.test("files broken by chance early on do not stop a large folder", () => {
  const files = new BrokenFiles(named(1000), 0.1);
  for (let i = 0; i < 20; i++) files.addBroken(i, "cut off");
  for (let i = 20; i < 1000; i++) files.addGood(i);
  assertEquals(files.list().length, 20);
});

Deno.test("where none is tolerated, the first broken file stops", () => {
  assertThrows(() => new BrokenFiles(named(100), 0).addBroken(5, "empty"), Error, "5.jpg: empty");
});

Deno.test("seeing a broken file again counts it once", () => {
  const files = new BrokenFiles(named(100), 0.01);
  files.addBroken(5, "empty");
  files.addBroken(5, "empty");
  assertEquals(files.list().length, 1);
});

Deno.test("an account that is taken up again judges by all that was seen, not by what comes first", () => {
  const brokenFiles = named(60).map((path) => ({ path, reason: "cut off" }));
  const indices = Array.from({ length: 1000 }, (_, i) => i);
  const files = new BrokenFiles(named(2000), 0.1, { indices, brokenFiles });
  assertEquals(files.list(), brokenFiles);
  for (let i = 1000; i < 1040; i++) files.addBroken(i, "cut off");
  assertThrows(
    () => [1, 2, 3, 4, 5].forEach((i) => files.addBroken(1040 + i, "cut off")),
    Error,
    "Cannot decode 105 of the first 1045 images",
  );
});

Deno.test("a share outside 0 to 1 is refused", () => {
  assertThrows(() => new BrokenFiles([], 1.5), RangeError, "give 0 to 1");
});

Deno.test("a small set is judged as if it had thirty files, once all have been seen", () => {
  const judge = (broken: number) => {
    const files = new BrokenFiles(named(20), 0.1);
    for (let i = 0; i < 20 - broken; i++) files.addGood(i);
    for (let i = 20 - broken; i < 20; i++) files.addBroken(i, "cut off");
  };
  judge(3);
  assertThrows(() => judge(4), Error, "Cannot decode 4 of the first 20 images");
});

Deno.test("ten broken files are named without a count of more", () => {
  const files = new BrokenFiles(named(90), 0.1);
  for (let i = 0; i < 80; i++) files.addGood(i);
  for (let i = 80; i < 89; i++) files.addBroken(i, "cut off");
  const { message } = assertThrows(() => files.addBroken(89, "cut off"), Error);
  assertEquals([message.split("\n").length, message.split("\n").at(-1)], [11, "  89.jpg: cut off"]);
});

Deno.test("a first epoch has seen every image once, draws have seen what was drawn", () => {
  const order = { indexAt: (position: number) => (position * 2) % 3 };
  const seen = (position: number, weights?: Float64Array) =>
    Array.from(
      [
        ...seenInTraining({ paths: named(3), weights }, order, { position, brokenFiles: [] })
          .indices,
      ],
    );
  assertEquals([seen(0), seen(2), seen(7)], [[], [0, 2], [0, 2, 1]]);
  assertEquals(seen(5, Float64Array.of(1, 1, 1)), [0, 2, 1, 0, 2]);
});

Deno.test("of a million draws before, only as many are looked up as it took to see every image", () => {
  let looked = 0;
  const order = { indexAt: (position: number) => (looked++, Math.floor(position / 4) % 3) };
  const folder = { paths: named(3), weights: Float64Array.of(1, 1, 1) };
  new BrokenFiles(
    folder.paths,
    0.1,
    seenInTraining(folder, order, { position: 1_000_000, brokenFiles: [] }),
  );
  assertEquals(looked, 9);
});

/** What is told of files, each by its index, and at the end of it all: of those from 5 on something else than of the others. */
function told(...indices: number[]): string[] {
  const notes: string[] = [];
  const files = new NotedFiles((text) => notes.push(text));
  for (const index of indices) {
    files.add(index, `${index}.png`, index < 5 ? [`it is damaged (${index})`] : ["cut off", "old"]);
  }
  files.close();
  files.close();
  return notes;
}

Deno.test("the first file of each kind is told with what there is to say, others are counted once at the end", () => {
  const first = "3.png was read, but it is damaged (3)";
  assertEquals(told(), []);
  assertEquals(told(3, 3), [first]);
  assertEquals(told(3, 1), [first, "1 more file is like 3.png"]);
  assertEquals(told(3, 1, 6, 3, 1, 2, 5), [
    first,
    "6.png was read, but cut off, old",
    "2 more files are like 3.png",
    "1 more file is like 6.png",
  ]);
});

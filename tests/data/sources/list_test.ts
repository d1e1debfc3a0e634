import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { openImages } from "../../../src/data/sources/open.ts";
import { inTempFolder } from "../../temp_folder.ts";
import { assertImages, listed, right, type RightImage, unpack } from "./cases.ts";

const lists = right<Record<string, RightImage[]>>("csv_lists");
const whole = Object.values(lists)[0];
const expected: Readonly<Record<string, RightImage[]>> = {
  "bom-crlf.csv": whole,
  "no-header.csv": whole,
  "other-names.csv": whole,
  "semicolon.csv": whole,
  "tab.tsv": whole,
  "all-quoted-last-line-open.csv": whole,
  "utf-16.csv": whole,
  "old-mac-cr.csv": withoutClass(lists["old-mac-cr.csv and backslashes.csv"]),
  "backslashes.csv": withoutClass(lists["old-mac-cr.csv and backslashes.csv"]),
  "numbers.csv": lists["numbers.csv"],
  "one-column.csv": lists["one-column.csv"],
  "lists/relative-to-list.csv": lists["lists/relative-to-list.csv, paths relative to the list"],
};

/** Classes are numbered among those that occur, and one does not in these. */
function withoutClass(images: RightImage[]): RightImage[] {
  return images.map((image) => ({ ...image, label: image.label! - (image.label! > 1 ? 1 : 0) }));
}

Deno.test("tables are read however they are written: marks, quotes, separators, line ends, headers", async () => {
  await inTempFolder(async (folder) => {
    const root = await unpack("csv_lists", folder);
    for (const [name, images] of Object.entries(expected)) {
      await assertImages(join(root, name), images);
    }
  });
});

Deno.test("a table with gaps keeps what it can and tells the rest; an open quote is refused by its line", async () => {
  await inTempFolder(async (folder) => {
    const root = await unpack("csv_lists", folder);
    await assertImages(join(root, "gaps.csv"), lists["gaps.csv"], { labels: "names" });
    const { leftOut } = await listed(join(root, "gaps.csv"));
    assertEquals(leftOut.map(({ reason }) => reason), [
      "by the first 2 of its 4 fields",
      "a row without a path",
    ]);
    await assertRejects(() => openImages(join(root, "open-quote.csv")), Error, "line 3");
  });
});

Deno.test("in a list of one column commas are part of the path, and told in a line", async () => {
  await inTempFolder(async (folder) => {
    const names = ["a, b.png", "c,d,e.png", "f.png"];
    for (const name of names) await Deno.writeTextFile(join(folder, name), "");
    for (const head of ["path\n", ""]) {
      const lines = head === "" ? names.toReversed() : names;
      await Deno.writeTextFile(join(folder, "list.csv"), head + lines.join("\n"));
      const { paths, leftOut } = await openImages(join(folder, "list.csv"));
      assertEquals(paths.toSorted(), names);
      assertEquals(leftOut!.map(({ count, kind }) => [count, kind]), [[2, "changed"]]);
    }
  });
});

Deno.test("text, JSON and JSON lines name the same images; a file that is gone is told", async () => {
  await inTempFolder(async (folder) => {
    for (const name of ["a b.png", "c.png"]) await Deno.writeTextFile(join(folder, name), "");
    const files = {
      "tabs.txt": "a b.png\tcat\r\nc.png\tdog\r\ngone.png\tdog\r\n",
      "blanks.txt": "a b.png cat\nc.png dog\ngone.png cat\n",
      "lines.jsonl":
        '{"file_name":"a b.png","class":"cat"}\n\n{"file_name":"c.png","class":"dog"}\n{"file_name":"gone.png"}\n',
      "array.json": '[{"path":"a b.png","label":"cat"},{"path":"c.png","label":"dog"},"gone.png"]',
      "object.json": '{"a b.png":"cat","c.png":"dog","gone.png":"cat"}',
    };
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(join(folder, name), text);
      const { paths, classes, labels, leftOut } = await openImages(join(folder, name));
      assertEquals([paths, classes, [...labels!]], [["a b.png", "c.png"], ["cat", "dog"], [0, 1]]);
      assertEquals(leftOut, [{
        reason: "no such file",
        count: 1,
        examples: ["gone.png"],
        kind: "lost",
      }]);
    }
    await Deno.writeTextFile(join(folder, "plain.txt"), "a b.png\nc.png");
    assertEquals((await openImages(join(folder, "plain.txt"))).labels, undefined);
    await Deno.writeTextFile(join(folder, "none.txt"), "x.png\n");
    await assertRejects(
      () => openImages(join(folder, "none.txt")),
      Error,
      "taken from the folder of the list",
    );
  });
});

Deno.test("a folder of classes keeps its links and forgets what programs left in it", async () => {
  await inTempFolder(async (folder) => {
    await assertImages(`${await unpack("links", folder)}/data`, right("links"));
  });
});

Deno.test("addresses are refused with the command that downloads them", async () => {
  await assertRejects(
    () => openImages("s3://bucket/images"),
    Error,
    "aws s3 sync s3://bucket/images DIR",
  );
  await assertRejects(
    () => openImages("hf://datasets/a/b"),
    Error,
    "hf download a/b --repo-type dataset",
  );
  await assertRejects(() => openImages("https://x.org/a.tar"), Error, "wget");
});

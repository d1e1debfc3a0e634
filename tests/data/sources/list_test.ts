import "../../native.ts";
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

Deno.test("columns and keys of paths and classes are known by the names that people give them", async () => {
  const paths = [
    "path",
    "file_name",
    "filename",
    "file",
    "filepath",
    "file_path",
    "image",
    "image_path",
    "img",
    "img_path",
    "image_name",
    "img_name",
    "image_id",
  ];
  const labels = [
    "label",
    "class",
    "class_name",
    "category",
    "target",
    "cls",
    "class_id",
    "label_name",
  ];
  await inTempFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "a.png"), "");
    const names = [
      ...paths.map((name) => [name, "label"]),
      ...labels.map((name) => ["path", name]),
    ];
    for (const [path, label] of names) {
      const files = {
        "list.csv": `n, ${path.toUpperCase()},${label}\n1,a.png,cat\n`,
        "list.json": JSON.stringify([{ n: 1, [path]: "a.png", [label.toUpperCase()]: "cat" }]),
      };
      for (const [name, text] of Object.entries(files)) {
        await Deno.writeTextFile(join(folder, name), text);
        const found = await openImages(join(folder, name));
        assertEquals([found.paths, found.classes], [["a.png"], ["cat"]], text);
      }
    }
  });
});

Deno.test("a class or a score is taken from the column that is named; rows below a score are left out", async () => {
  await inTempFolder(async (folder) => {
    for (const name of ["a.png", "b.png", "c.png"]) {
      await Deno.writeTextFile(join(folder, name), "");
    }
    const files = {
      "list.csv": "path,label,Kind,good\na.png,x,cat,0.5\nb.png,x,dog,0.4\nc.png,x,dog,\n",
      "list.json": JSON.stringify([
        { path: "a.png", label: "x", kind: "cat", good: 0.5 },
        { path: "b.png", label: "x", kind: "dog", good: "0.4" },
        { path: "c.png", label: "x", kind: "dog", good: null },
        { label: "x" },
        7,
      ]),
    };
    for (const [name, text] of Object.entries(files)) {
      const path = join(folder, name);
      await Deno.writeTextFile(path, text);
      const all = await openImages(path, { label: "kind" });
      assertEquals([all.classes, all.paths.length], [["cat", "dog"], 3]);
      const good = await openImages(path, { score: "good", minScore: 0.5 });
      const reasons = good.leftOut!.slice(-2).map(({ reason, kind }) => [reason, kind]);
      assertEquals([good.paths, reasons], [["a.png"], [
        ["its score is below 0.5", "expected"],
        ["it has no score", "expected"],
      ]]);
    }
    assertEquals((await openImages(join(folder, "list.json"))).leftOut, [{
      reason: "a row without a path",
      count: 2,
      examples: ['{"label":"x"}', "7"],
      kind: "lost",
    }]);
    await assertRejects(
      () => openImages(join(folder, "list.csv"), { label: "colour" }),
      Error,
      'Cannot find the column "colour" in the list',
    );
  });
});

Deno.test("what is no list is refused by what is wrong with it", async () => {
  await inTempFolder(async (folder) => {
    const files: Record<string, [text: string | Uint8Array, reason: string]> = {
      "a.csv": ["name,class\nx,y\n", "none of its columns (name, class) is called path"],
      "a.json": ['{"a": {"b": 1}}', "give an array of paths"],
      "b.json": ["[", "it is not JSON"],
      "c.json": ['[{"path": "x", "label": [1]}]', "a label is [1], not text or a number"],
      "a.jsonl": ['"a.png"\n\n{', "line 3 is not JSON"],
      "a.txt": ["", "it names none"],
      "b.txt": [Uint8Array.of(0x61, 0xff), "it is not utf-8, save it as UTF-8"],
    };
    for (const [name, [text, reason]] of Object.entries(files)) {
      await Deno.writeFile(join(folder, name), new TextEncoder().encode(text as string));
      if (typeof text !== "string") await Deno.writeFile(join(folder, name), text);
      await assertRejects(() => openImages(join(folder, name)), Error, reason);
    }
  });
});

Deno.test("reading a long list tells how far it is, and ends with the reason when it is stopped", async () => {
  await inTempFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/a.jpg`, "");
    await Deno.writeTextFile(`${folder}/list.txt`, "a.jpg\n".repeat(20_001));
    const seen: number[] = [];
    const { paths } = await openImages(`${folder}/list.txt`, {
      onProgress: (rows) => seen.push(rows),
    });
    assertEquals([paths.length, seen], [20_001, [0, 10_000, 20_000]]);
    const signal = AbortSignal.abort(new Error("stopped"));
    await assertRejects(() => openImages(`${folder}/list.txt`, { signal }), Error, "stopped");
  });
});

Deno.test("long tables keep their rows whole, line breaks in quotes too, and tell where a stray quote is", async () => {
  await inTempFolder(async (folder) => {
    const list = join(folder, "list.csv"), name = "two\nlines, and a comma.png";
    await Deno.writeTextFile(join(folder, name), "");
    const rows = Array.from({ length: 20_000 }, (_, i) => `"${name}",${i}`); // several blocks
    await Deno.writeTextFile(list, ["path,label", ...rows].join("\n"));
    const { paths, labels, leftOut } = await openImages(list);
    assertEquals(new Set(paths), new Set([name]));
    assertEquals(labels, Uint32Array.from(rows, (_, i) => i));
    assertEquals(leftOut, []);
    rows[19_000] = 'a"b.png,1';
    await Deno.writeTextFile(list, ["path,label", ...rows].join("\n"));
    await assertRejects(() => openImages(list), Error, "line 19002"); // the parser counts records
  });
});

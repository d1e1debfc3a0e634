import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { openImages, openSources } from "../../../src/data/sources/open.ts";
import { writeEnd, writeMember } from "../../../src/data/sources/tar_writer.ts";
import { ZipWriter } from "../../../src/files/zip/writer.ts";
import { withEmptyFiles } from "../../temp_folder.ts";
import { parquetFile } from "./write_parquet.ts";

/** Makes a tar of one file. */
function tar(path: string, name = "a.jpg"): void {
  using file = Deno.openSync(path, { create: true, write: true, truncate: true });
  writeMember(file, name, Uint8Array.of(1));
  writeEnd(file);
}

function zip(path: string): void {
  using file = Deno.openSync(path, { create: true, write: true });
  const archive = new ZipWriter(file);
  archive.add("b.jpg", Uint8Array.of(1));
  archive.finish();
}

Deno.test("a source that is not there, or is no source, is refused by what it is", async () => {
  await withEmptyFiles(["a.png", "notes.md", "web.bin"], async (root) => {
    await Deno.writeTextFile(join(root, "web.bin"), "<!DOCTYPE html><html>");
    const refused: [name: string, reason: string][] = [
      ["none*.tar", `Cannot find images: ${root}/none*.tar does not exist`],
      ["{3..2}.tar", "does not exist"],
      ["none", "there is no such folder"],
      ["web.bin", "it is a web page"],
      ["notes.md", "it is empty"],
      [":split=test", `Cannot find the split test in ${root}`],
    ];
    for (const [name, reason] of refused) {
      const source = name.startsWith(":") ? root + name : join(root, name);
      await assertRejects(() => openImages(source), Error, reason);
    }
    await Deno.writeTextFile(join(root, "notes.md"), "hello");
    await assertRejects(
      () => openImages(join(root, "notes.md")),
      Error,
      "it is a file; pass its folder",
    );
  });
});

Deno.test("of shards of several kinds the highest are taken, tars before tables before zips, and the others told", async () => {
  await withEmptyFiles(["deep/x.txt"], async (root) => {
    tar(join(root, "deep", "c.tar"));
    zip(join(root, "b.zip"));
    const told = async () => {
      const { paths, leftOut } = await openImages(root);
      const others = leftOut!.filter(({ reason }) => reason.startsWith("it stands beside"));
      return [paths, others.flatMap(({ examples }) => examples), others[0]?.kind];
    };
    assertEquals(await told(), [["b.zip/b.jpg"], ["deep/c.tar"], "expected"]);
    await Deno.writeFile(join(root, "z.parquet"), parquetFile([Uint8Array.of(1)]));
    assertEquals(await told(), [["z.parquet/0"], ["b.zip", "deep/c.tar"], "expected"]);
    tar(join(root, "z.tar"));
    assertEquals(await told(), [
      ["deep/c.tar/a.jpg", "z.tar/a.jpg"],
      ["b.zip", "z.parquet"],
      "expected",
    ]);
  });
});

Deno.test("archives beside images are told and not opened", async () => {
  await withEmptyFiles(["a.png", "b.zip"], async (root) => {
    const { paths, leftOut } = await openImages(root);
    assertEquals(paths, ["a.png"]);
    assertEquals(leftOut, [{
      reason: "archives beside images are not opened",
      count: 1,
      examples: ["b.zip"],
      kind: "lost",
    }]);
  });
});

Deno.test("a split that shards do not have is refused with those they have, and training is taken unasked", async () => {
  await withEmptyFiles([], async (root) => {
    for (const name of ["a-train.tar", "b-val.tar", "c.tar"]) tar(join(root, name));
    const { paths, leftOut } = await openImages(root);
    assertEquals(paths, ["a-train.tar/a.jpg"]);
    assertEquals(leftOut!.map(({ examples, kind }) => [...examples, kind]), [
      ["b-val.tar", "lost"],
      ["c.tar", "lost"],
    ]);
    const missing = () => openImages(`${root}:split=test`);
    await assertRejects(missing, Error, `split test in ${root}: it has train, validation`);
  });
  await withEmptyFiles([], async (root) => {
    for (const name of ["c.tar", "d.tar"]) tar(join(root, name));
    const missing = () => openImages(`${root}:split=test`);
    await assertRejects(missing, Error, "its shards' names contain none");
    assertEquals((await openImages(root)).paths.length, 2);
  });
});

Deno.test("where a source is asked for its classes or scores itself, that comes before what is asked of all", async () => {
  await withEmptyFiles(["a.png", "b.png"], async (root) => {
    const list = join(root, "list.csv");
    await Deno.writeTextFile(
      list,
      "path,kind,tint,rank,order\na.png,cat,red,1,9\nb.png,dog,blue,2,8\n",
    );
    const found = async (own: object, options: object = {}) => {
      const { paths, classes } = await openSources([{ path: list, ...own }], options);
      return [...paths, ...classes ?? []].join(" ");
    };
    assertEquals(await found({}), "a.png b.png");
    assertEquals(await found({}, { label: "tint" }), "a.png b.png blue red");
    assertEquals(await found({ label: "kind" }, { label: "tint" }), "a.png b.png cat dog");
    const ranked = { score: "rank", minScore: 2, label: "kind" };
    assertEquals(await found({}, ranked), "b.png dog");
    assertEquals(await found({ min_score: 1 }, ranked), "a.png b.png cat dog");
    assertEquals(await found({ score: "order", min_score: 9 }, ranked), "a.png cat");
  });
});

Deno.test("of several shards it is told how many cannot be read, of one alone why", async () => {
  await withEmptyFiles(["a.tar"], async (root) => {
    const refusal = async () => (await assertRejects(() => openImages(root), Error)).message;
    const reason = `  ${root}/a.tar: it is empty: the download or the writing failed`;
    assertEquals(await refusal(), `Cannot read the images of ${root}:\n${reason}`);
    tar(join(root, "b.tar"));
    assertEquals(await refusal(), `Cannot read the images of ${root}, 1 of 2 shards:\n${reason}`);
  });
});

Deno.test({
  name: "a program that may not read is told what to allow",
  permissions: { read: false },
  fn: async () => {
    const reason = "Deno was not allowed to: run it with --allow-read";
    await assertRejects(() => openImages("/images"), Error, `from /images: ${reason}`);
  },
});

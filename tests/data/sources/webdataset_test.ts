import "../../native.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { hashPixels } from "../../../src/data/inspect.ts";
import type { ImageFolder } from "../../../src/data/folder.ts";
import { NO_LABEL } from "../../../src/data/sources/labels.ts";
import { openImages, type SourceOptions } from "../../../src/data/sources/open.ts";
import { writeEnd, writeMember } from "../../../src/data/sources/tar_writer.ts";
import { gzipSync } from "node:zlib";
import { inTempFolder } from "../../temp_folder.ts";
import { assertImages, CASES, listed, right, type RightImage } from "./cases.ts";

Deno.test("names with dots keep their images, each of a sample is one, and their own labels", async () => {
  const [first, second, left, right_, two, three, last] = right("dotted_names");
  const expected = [first, second, left, right_, two, three, { ...last, label: 3 }];
  await assertImages(`${CASES}dotted_names`, expected);
});

Deno.test("endings may be written in capitals, those of labels too", async () => {
  await assertImages(`${CASES}capital_endings`, right("capital_endings"));
});

Deno.test("what macOS adds to an archive is neither an image nor between a sample and its label", async () => {
  await assertImages(`${CASES}apple_double/from-mac.tar`, right("apple_double"));
});

Deno.test("a shard that a pattern names and that is missing is refused by name before anything is read", async () => {
  const pattern = `${CASES}missing_shard/{00000..00003}.tar`;
  await assertRejects(() => openImages(pattern), Error, "00002.tar: there is no such file");
  await assertImages(`${CASES}missing_shard`, right("missing_shard"));
});

const labels = right<RightImage[]>("label_members");

Deno.test("classes come from the cls members of a shard alone, numbers as they are, names sorted", async () => {
  for (const source of new Set(labels.map(({ source }) => source!))) {
    const expected = labels.filter((image) => image.source === source);
    const options = { labels: source === "cls-text.tar" ? "names" : "numbers" } as const;
    await assertImages(`${CASES}label_members/${source}`, expected, options);
  }
});

Deno.test("classes are read from a place in JSON, or from captions, where that is asked for", async () => {
  const classes = async (shard: string, label: string) =>
    (await listed(`${CASES}label_members/${shard}.tar`, { label })).images.map((image) =>
      image.class
    );
  assertEquals(await classes("json-int", "json.label"), ["3", "0", "12"]);
  assertEquals(await classes("json-text", "json.label"), ["zebra", "ape", "Mücke"]);
  assertEquals(await classes("json-nested", "json.meta.class"), ["3", "0", "12"]);
  assertEquals(await classes("txt", "txt"), ["a zebra", "an ape", "eine Mücke"]);
});

Deno.test("a single archive of plain images with folders for training and validation is read as a zip is, with classes", async () => {
  await inTempFolder(async (folder) => {
    const found = async (names: readonly string[], source = "a.tar") => {
      using file = Deno.openSync(`${folder}/a.tar`, { create: true, write: true, truncate: true });
      for (const name of names) writeMember(file, name, new Uint8Array(1));
      writeEnd(file);
      const { paths, classes, labels } = await openImages(`${folder}/${source}`);
      return [paths.map((path) => path.slice("a.tar/".length)), classes, labels && [...labels]];
    };
    const photos = ["s/val/b/1.jpg", "s/train/b/2.jpg", "s/train/a/3.jpg", "s/meta/classes.txt"];
    const train = [["s/train/b/2.jpg", "s/train/a/3.jpg"], ["a", "b"], [1, 0]];
    assertEquals(await found(photos), train);
    assertEquals(await found(photos, "a.tar:split=train"), train);
    const val = [["s/val/b/1.jpg"], undefined, undefined];
    assertEquals(await found(photos, "a.tar:split=validation"), val);
    for (const beside of ["s/val/b/1.txt", "s/val/b/1.mask.npy", "s/x.cls"]) {
      assertEquals((await found([...photos, beside].sort()))[0]?.length, 3, beside);
    }
    const plain = ["/s/a/1.jpg", "s/b/2.jpg", "c.jpg"];
    assertEquals(await found(plain), [plain, undefined, undefined]);
    await found(photos);
    await Deno.copyFile(`${folder}/a.tar`, `${folder}/b.tar`);
    const several = await openImages(`${folder}/{a,b}.tar`);
    assertEquals([several.paths.length, several.classes], [6, undefined], "shards are read whole");
  });
});

Deno.test("long names and sizes are read in every dialect of tar", async () => {
  const images = right("long_names");
  for (const shard of new Set(images.map(({ source }) => source!))) {
    const expected = images.filter(({ source }) => source === shard);
    await assertImages(`${CASES}long_names/${shard}`, expected);
  }
});

Deno.test("members whose names lead elsewhere are read in place", async () => {
  await assertImages(`${CASES}escaping_names/escape.tar`, right("escaping_names"));
  await assertRejects(() => Deno.stat("/tmp/h1_escape_absolute.jpg"), Deno.errors.NotFound);
});

Deno.test("shards are read where tables of their downloads lie beside them", async () => {
  await assertImages(`${CASES}img2dataset`, right("img2dataset"));
});

Deno.test("a gzipped shard is unpacked into the cache once, and holds the same images", async () => {
  await inTempFolder(async (folder) => {
    Deno.env.set("DEINO_CACHE", `${folder}/cache`);
    try {
      const shard = `${folder}/camera.tar.gz`;
      const gzip = new CompressionStream("gzip");
      using file = await Deno.open(`${CASES}capital_endings/camera.tar`);
      await Deno.writeFile(shard, file.readable.pipeThrough(gzip));
      await assertImages(shard, right("capital_endings"));
      const packed = await Deno.readFile(shard);
      await Deno.writeFile(shard, packed.subarray(0, packed.length - 100));
      await assertRejects(() => openImages(shard), Error, "camera.tar.gz: it is cut short");
    } finally {
      Deno.env.delete("DEINO_CACHE");
    }
  });
});

Deno.test("unpacking that is stopped leaves nothing half-written", async () => {
  await inTempFolder(async (folder) => {
    Deno.env.set("DEINO_CACHE", `${folder}/cache`);
    try {
      const noise = new Uint8Array(2 ** 23);
      for (let at = 0; at < noise.length; at += 2 ** 16) {
        crypto.getRandomValues(noise.subarray(at, at + 2 ** 16));
      }
      await Deno.writeFile(`${folder}/a.tar.gz`, gzipSync(noise, { level: 0 }));
      const stopped = new Error("stopped");
      const controller = new AbortController();
      const onProgress = () => void setTimeout(() => controller.abort(stopped));
      const { signal } = controller;
      const opened = openImages(`${folder}/a.tar.gz`, { signal, onProgress });
      await assertRejects(() => opened, Error, "stopped");
      assertEquals(Array.from(Deno.readDirSync(`${folder}/cache/unpacked`)), []);
    } finally {
      Deno.env.delete("DEINO_CACHE");
    }
  });
});

Deno.test("a shard that was cut is refused by its name and that of the member", async () => {
  await inTempFolder(async (folder) => {
    const whole = await Deno.readFile(`${CASES}missing_shard/00000.tar`);
    await Deno.writeFile(`${folder}/cut.tar`, whole.subarray(0, 2000));
    await Deno.writeFile(`${folder}/empty.tar`, new Uint8Array());
    await Deno.writeFile(`${folder}/zeros.tar`, new Uint8Array(10240));
    const error = await assertRejects(() => openImages(folder), Error, "2 of 3 shards");
    assertEquals(
      /cut\.tar: its member "0+\.\w+" ends at byte \d+, the file at 2000/.test(error.message),
      true,
    );
    assertEquals(error.message.includes("empty.tar: it is empty"), true);
    await Deno.remove(`${folder}/cut.tar`);
    await Deno.remove(`${folder}/empty.tar`);
    await Deno.copyFile(`${CASES}missing_shard/00000.tar`, `${folder}/good.tar`);
    const { images, leftOut } = await listed(folder);
    assertEquals([images.length, leftOut.at(-1)], [2, {
      left_out: ["zeros.tar"],
      count: 1,
      reason: "a shard without images",
    }]);
  });
});

Deno.test("a pointer of Git LFS in a shard's place is named, with the cure", async () => {
  await assertRejects(
    () => openImages(`${CASES}not_parquet/others/shard.tar`),
    Error,
    "git lfs pull",
  );
});

Deno.test("images of a shard that is cut or gone while it is read are skipped with the reason", async () => {
  await inTempFolder(async (folder) => {
    const shard = `${folder}/a.tar`;
    await Deno.copyFile(`${CASES}capital_endings/camera.tar`, shard);
    const images = await openImages(shard);
    await Deno.truncate(shard, 6000);
    const reasons = async () => {
      const found = await Array.fromAsync(hashPixels(images, { workers: 1 }));
      return found.map((image) => "reason" in image ? image.reason.replace(/\d+/g, "N") : "whole");
    };
    assertEquals(
      new Set(await reasons()),
      new Set(["whole", "its file ends after N bytes: it was cut"]),
    );
    await Deno.remove(shard);
    assertEquals(new Set(await reasons()), new Set(["the file is gone"]));
  });
});

Deno.test("links within a shard are followed, others and devices are told", async () => {
  await inTempFolder(async (folder) => {
    await Deno.mkdir(`${folder}/s`);
    await Deno.copyFile(
      `${CASES}imagenet/kaggle/train/n01443537/n01443537_2.JPEG`,
      `${folder}/s/a.jpg`,
    );
    await Deno.link(`${folder}/s/a.jpg`, `${folder}/s/b.jpg`);
    await Deno.symlink("/etc/passwd", `${folder}/s/c.jpg`);
    const args = [
      "-C",
      `${folder}/s`,
      "--sort=name",
      "-cf",
      `${folder}/links.tar`,
      "a.jpg",
      "b.jpg",
      "c.jpg",
    ];
    await new Deno.Command("tar", { args }).output();
    const { images, leftOut } = await listed(`${folder}/links.tar`);
    assertEquals(images.map(({ path }) => path), ["links.tar/a.jpg", "links.tar/b.jpg"]);
    assertEquals(images[0].sha256, images[1].sha256);
    assertEquals(leftOut.map(({ left_out }) => left_out), [["links.tar/c.jpg"]]);
  });
});

Deno.test("a member written twice is taken once, the later one, as tar itself does", async () => {
  await inTempFolder(async (folder) => {
    const image = (name: string) => `${CASES}imagenet/root/train/${name}.JPEG`;
    await Deno.mkdir(`${folder}/s`);
    const tar = `${folder}/twice.tar`;
    for (
      const [flag, name] of [["-cf", "n01440764/n01440764_9993"], ["-rf", "n01443537/n01443537_2"]]
    ) {
      await Deno.copyFile(image(name), `${folder}/s/a.jpg`);
      await new Deno.Command("tar", { args: ["-C", `${folder}/s`, flag, tar, "a.jpg"] }).output();
    }
    const { images, leftOut } = await listed(tar);
    const [, , later] = right<Record<string, RightImage[]>>("imagenet").train;
    assertEquals(images.map(({ sha256 }) => sha256), [later.sha256]);
    assertEquals(leftOut[0].reason, "a later member has the same name");
  });
});

/** Opens a shard of these members, each of a text. */
async function openShardOf(members: Readonly<Record<string, string>>, options: SourceOptions = {}) {
  let found: ImageFolder | undefined;
  await inTempFolder(async (folder) => {
    const path = `${folder}/a.tar`;
    {
      using file = Deno.openSync(path, { create: true, write: true });
      for (const [name, text] of Object.entries(members)) {
        writeMember(file, name, new TextEncoder().encode(text));
      }
      writeEnd(file);
    }
    found = await openImages(path, options);
  });
  const { classes, labels, paths, leftOut } = found!;
  return { classes, labels: labels && [...labels], paths, leftOut: leftOut! };
}

Deno.test("a class lies beside an image of its whole name, else of its sample; numbers may be written in many ways", async () => {
  const members = { "a.x.jpg": "", "a.y.jpg": "", "a.cls": " 007\n", "a.y.cls": "+2", "b.jpg": "" };
  const { classes, labels } = await openShardOf(members);
  assertEquals([classes!.length, labels], [8, [7, 2, NO_LABEL]]);
  assertEquals((await openShardOf({ "a.jpg": "", "a.cls": " cat " })).classes, ["cat"]);
});

Deno.test("what is no text or number at the place asked for, or is damaged or too long, is told and gives no class", async () => {
  const members = {
    ...{ "a.jpg": "", "a.json": '{"x":{"y":"cat"}}', "b.jpg": "", "b.json": '{"x":{"y":[1]}}' },
    ...{ "c.jpg": "", "c.json": "{", "d.jpg": "", "d.json": '{"x":null}' },
    ...{ "e.jpg": "", "e.json": `{"x":{"y":"dog"}}${" ".repeat(2 ** 20)}` },
    ...{ "f.jpg": "", "f.json": '{"x":{"y":0}}' },
  };
  const { classes, labels, leftOut } = await openShardOf(members, { label: "json.x.y" });
  const none = NO_LABEL;
  assertEquals([classes, labels], [["0", "cat"], [1, none, none, none, none, 0]]);
  const names = ["b", "c", "d", "e"].map((name) => `a.tar/${name}.json`);
  assertEquals(leftOut.map(({ reason, examples }) => [reason, ...examples]), [
    ["nothing is where json.x.y is to be", ...names],
  ]);
});

Deno.test("scores lie beside classes; captions and tables in a sample are expected, other members told", async () => {
  const members = {
    ...{ "a.jpg": "", "a.cls": "1", "a.json": '{"score":0.5}', "a.txt": "a cat" },
    ...{ "b.jpg": "", "b.cls": "0", "b.json": '{"score":"0.4"}', "b.heic": "", "b.wav": "" },
  };
  const options = { score: "json.score", minScore: 0.5 };
  const { paths, leftOut } = await openShardOf(members, options);
  assertEquals(paths, ["a.tar/a.jpg"]);
  assertEquals(leftOut.map(({ examples, kind }) => [...examples, kind]), [
    ["a.tar/b.heic", "lost"],
    ["a.tar/b.wav", "expected"],
    ["a.tar/b.jpg", "expected"],
  ]);
  assertEquals((await openShardOf(members, { score: "json.score" })).paths.length, 2);
});

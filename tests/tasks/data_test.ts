import "../native.ts";
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { checkCommand } from "../../tasks/data/check.ts";
import { indexCommand } from "../../tasks/data/index.ts";
import { shardCommand } from "../../tasks/data/shard.ts";
import { listCommand } from "../../tasks/data/list.ts";
import { statsCommand } from "../../tasks/data/stats.ts";
import { npyBytes } from "../data/codec/write_npy.ts";
import { writePng } from "../data/codec/write_png.ts";
import { CASES, unpack } from "../data/sources/cases.ts";
import { inTempFolder } from "../temp_folder.ts";
import { runCommand, runStopped } from "./captured.ts";
import { runTask } from "./run_task.ts";

Deno.test("data list prints a line of JSON for each image of all sources, then what was left out", async () => {
  const sources = [
    "--data",
    `${CASES}capital_endings/camera.tar`,
    "--data",
    `${CASES}apple_double`,
  ];
  const { status, output } = await runTask("data", "list", ...sources, "--hash");
  const lines = output.trim().split("\n").map((line: string) => JSON.parse(line));
  assertEquals([status, lines.filter(({ sha256 }) => sha256?.length === 64).length], [0, 6]);
  assertEquals(lines[0], {
    path: "1/camera.tar/DSC_0001.JPG",
    label: 1,
    class: "1",
    width: 40,
    height: 32,
    sha256: "429a6000235a307bb1c767debd017ea1c9ee1038f40da00ba24cdf54c0eef201",
  });
  assertEquals(lines.at(-1).reason, "files without an ending are no images");
});

Deno.test("data check counts, finds files that are the same, and fails where one cannot be read", async () => {
  await inTempFolder(async (folder) => {
    const source = `${await unpack("links", folder)}/data`;
    await Deno.writeTextFile(`${source}/10/bad.jpg`, "no image");
    const args = [
      "check",
      "--data",
      source,
      "--num-workers",
      "1",
      "--output",
      `${folder}/check.json`,
    ];
    const { status, output } = await runTask("data", ...args);
    assertEquals(status, 1);
    for (
      const part of [
        "11, ",
        "JPEG 8, WebP 1, PNG 1",
        "Identical files: 10/a.jpg, 9/link.jpg",
        "Unreadable 10/bad.jpg",
      ]
    ) {
      assertStringIncludes(output, part);
    }
    const report = JSON.parse(await Deno.readTextFile(`${folder}/check.json`));
    assertEquals([report.images, report.unlabelled, report.classes["2"]], [11, 1, 2]);
  });
});

Deno.test("data refuses a source that is not there in one line", async () => {
  const { status, error } = await runTask("data", "list", "--data", "/nowhere/at/all");
  assertEquals([status, error.trim().split("\n").length], [1, 1]);
  assertStringIncludes(error, "there is no such folder");
});

/** Runs the body with a folder of one gray image of class a, two of b and three of c. */
function withClasses(body: (folder: string) => Promise<void>): Promise<void> {
  return inTempFolder(async (folder) => {
    for (const [name, count] of [["a", 1], ["b", 2], ["c", 3]] as const) {
      await Deno.mkdir(`${folder}/${name}`);
      for (let i = 0; i < count; i++) {
        const values = Array.from({ length: 16 }, () => 51 * (i + count - 1));
        const bytes = writePng({ width: 4, height: 4, values });
        await Deno.writeFile(`${folder}/${name}/${i}.png`, bytes);
      }
    }
    await body(folder);
  });
}

Deno.test("the rarest classes are named first", () =>
  withClasses(async (folder) => {
    const { output } = await runCommand(checkCommand, "--data", folder, "--num-workers", "1");
    assertStringIncludes(output, "3 of 1 to 3 images; rarest: a 1, b 2, c 3");
  }));

Deno.test("data check tells images without a class, classes of one size, and of images that are all broken nothing else", () =>
  withClasses(async (folder) => {
    const told = async (source: string) => {
      const { status, output } = await runCommand(checkCommand, "--data", source);
      return [status, ...output.trimEnd().split("\n").map((line) => line.replace(/, \S+ MiB/, ""))];
    };
    const list = `${folder}/list.csv`;
    await Deno.writeTextFile(list, "path,kind\na/0.png,x\nb/0.png,y\nc/0.png,\n");
    const { output } = await runCommand(checkCommand, "--data", list, "--label", "kind");
    const classes = "classes      2 of 1 image each, 1 image without one\n";
    assertStringIncludes(output, classes);
    await Deno.writeTextFile(`${folder}/a/0.png`, "no image");
    assertEquals(await told(`${folder}/a`), [
      ...[1, "images       1", "classes      none given", "rotated      0"],
      ...["unreadable   1", "duplicates   0"],
      "Unreadable 0.png: not an image of a known format",
    ]);
  }));

Deno.test("statistics are those of the channels asked for", () =>
  withClasses(async (folder) => {
    const { output } = await runCommand(
      ...[statsCommand, "--data", folder, "--num-workers", "1", "--channels", "1"] as const,
    );
    assertEquals(/^data.mean=\[0\.\d{4}\] data.std=\[0\.\d{4}\]\n$/.test(output), true, output);
  }));

Deno.test("data list tells kind and bytes of files, classes as asked, and what cannot be read or was read otherwise", () =>
  withClasses(async (folder) => {
    await Deno.writeTextFile(`${folder}/bad.png`, "no image");
    await Deno.writeTextFile(
      `${folder}/list.csv`,
      "path,kind\na/0.png,x\nbad.png,y\nb/0.png,x,z\ngone.png\n",
    );
    const { output } = await runCommand(
      listCommand,
      "--data",
      `${folder}/list.csv`,
      "--label",
      "kind",
    );
    const bytes = Deno.statSync(`${folder}/a/0.png`).size;
    const facts = { label: 0, class: "x", width: 4, height: 4, format: "PNG" };
    const lines = output.trim().split("\n").map((line) => JSON.parse(line));
    assertEquals(lines, [
      { path: "a/0.png", ...facts, bytes },
      { path: "b/0.png", ...facts, bytes: Deno.statSync(`${folder}/b/0.png`).size },
      { left_out: ["bad.png"], count: 1, reason: "not an image of a known format" },
      { read_otherwise: ["b/0.png,x,z"], count: 1, reason: "by the first 2 of its 3 fields" },
      { left_out: ["gone.png"], count: 1, reason: "no such file" },
    ]);
    const check = await runCommand(
      checkCommand,
      "--data",
      `${folder}/list.csv`,
      "--num-workers",
      "1",
    );
    assertEquals(check.output.trimEnd().split("\n").slice(-2), [
      "Reinterpreted b/0.png,x,z: by the first 2 of its 3 fields",
      "Skipped gone.png: no such file",
    ]);
  }));

Deno.test("data check prints sizes, classes and what is to be mended, and ends well where all can be read", () =>
  withClasses(async (folder) => {
    for (const name of ["d", "e", "f"]) {
      await Deno.mkdir(`${folder}/${name}`);
      const image = new URL("../data/images/rotated_by_exif.jpg", import.meta.url);
      for (let i = 0; i < 4; i++) await Deno.copyFile(image, `${folder}/${name}/${i}.jpg`);
    }
    await Deno.writeTextFile(`${folder}/d/x.heic`, "");
    const { status, output } = await runCommand(
      checkCommand,
      "--data",
      folder,
      "--num-workers",
      "1",
    );
    const names = "d/0.jpg, d/1.jpg, d/2.jpg and 9 more";
    assertEquals([status, output.replace(/, 0\.\d MiB/, "").trimEnd().split("\n")], [0, [
      "images       18",
      "formats      PNG 6, JPEG 12",
      "width        4 to 40, median 40",
      "height       4 to 30, median 30",
      "classes      6 of 1 to 4 images; rarest: a 1, b 2, c 3, d 4, e 4",
      `rotated      12 rotated or mirrored by their EXIF data or XMP; data.exif=apply turns them upright: ${names}`,
      "unreadable   0",
      "duplicates   2",
      "Identical files: b/1.png, c/0.png",
      `Identical files: ${names}`,
      "Skipped d/x.heic: .heic files cannot be decoded: convert them to PNG",
    ]]);
    const flat = await runCommand(checkCommand, "--data", `${folder}/a`, "--num-workers", "1");
    assertStringIncludes(flat.output, "classes      none given\nrotated      0\n");
  }));

Deno.test("data index counts images and classes, and what it keeps can be removed", () =>
  withClasses(async (folder) => {
    const before = Deno.env.get("DEINO_CACHE");
    try {
      Deno.env.set("DEINO_CACHE", `${folder}/cache`);
      const { status, output } = await runCommand(indexCommand, "--data", folder);
      assertEquals([status, /^6 images of 3 classes, listed in \d+\.\d s\n$/.test(output)], [
        0,
        true,
      ]);
      const flat = await runCommand(indexCommand, "--data", `${folder}/a`);
      assertEquals(/^1 image, listed in/.test(flat.output), true);
      const stopped = await runStopped(
        indexCommand,
        "--data",
        `${CASES}capital_endings/camera.tar`,
      );
      const kept = "Stopped; lists that were complete are kept\n";
      assertEquals(stopped, { status: 143, output: "", error: kept });
      await Deno.writeFile(`${folder}/cache/indexes/kept`, new Uint8Array(3 * 2 ** 19));
      assertEquals((await runCommand(indexCommand, "--clear")).output, "Freed 1.5 MiB\n");
      const both = () => indexCommand.prepare(["--clear", "--data", folder]);
      assertThrows(both, TypeError, "There is no flag --data");
    } finally {
      if (before === undefined) Deno.env.delete("DEINO_CACHE");
      else Deno.env.set("DEINO_CACHE", before);
    }
  }));

Deno.test("data shard packs as many images as asked, resized, and fails where one cannot be read", () =>
  withClasses(async (folder) => {
    const args = [
      "--data",
      folder,
      "--output",
      `${folder}/out`,
      "--per-shard",
      "4",
      "--resize",
      "2",
    ];
    const { status, output } = await runCommand(shardCommand, ...args);
    assertEquals([status, output], [
      0,
      `Copied 6 images into 2 shards in ${folder}/out, read back and identical\n`,
    ]);
    const { output: listed } = await runCommand(listCommand, "--data", `${folder}/out`);
    const sizes = listed.trim().split("\n").map((line) => JSON.parse(line)).map((
      { width, height },
    ) => width * height);
    assertEquals(sizes, [4, 4, 4, 4, 4, 4]);
    await Deno.writeTextFile(`${folder}/a/bad.png`, "no image");
    const failed = await runCommand(
      shardCommand,
      "--data",
      `${folder}/a`,
      "--output",
      `${folder}/b2`,
    );
    assertEquals([failed.status, failed.error], [
      1,
      "Skipped bad.png: not an image of a known format\n",
    ]);
  }));

Deno.test("statistics are printed as settings, with four digits", () =>
  inTempFolder(async (folder) => {
    const values = [0, 0, 51, 255, 102, 102]; // two pixels
    await Deno.writeFile(`${folder}/a.png`, writePng({ width: 2, height: 1, type: 2, values }));
    const { output } = await runCommand(statsCommand, "--data", folder, "--num-workers", "1");
    assertEquals(output, "data.mean=[0.5000,0.2000,0.3000] data.std=[0.5000,0.2000,0.1000]\n");
  }));

Deno.test("arrays of NumPy are listed and checked where the channels are not 3", async () => {
  await inTempFolder(async (folder) => {
    await Deno.writeFile(`${folder}/a.npy`, npyBytes([2, 3, 2], new Uint8Array(12)));
    const asked = ["--data", folder, "--channels", "2", "--num-workers", "1"] as const;
    for (const flags of [[], ["--hash"]]) {
      const { output } = await runCommand(listCommand, ...asked, ...flags);
      const { path, width, height } = JSON.parse(output);
      assertEquals([path, width, height], ["a.npy", 3, 2]);
    }
    const { status, output } = await runCommand(checkCommand, ...asked);
    assertEquals(status, 0);
    assertStringIncludes(output, "NumPy 1");
  });
});

import "../native.ts";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { checkCommand } from "../../tasks/data/check.ts";
import { statsCommand } from "../../tasks/data/stats.ts";
import { writePng } from "../data/codec/write_png.ts";
import { CASES, unpack } from "../data/sources/cases.ts";
import { inTempFolder } from "../temp_folder.ts";
import { runCommand } from "./captured.ts";
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
    path: "1-capital_endings/camera.tar/DSC_0001.JPG",
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
        "The same file: 10/a.jpg, 9/link.jpg",
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

Deno.test("statistics are those of the channels asked for", () =>
  withClasses(async (folder) => {
    const { output } = await runCommand(
      ...[statsCommand, "--data", folder, "--num-workers", "1", "--channels", "1"] as const,
    );
    assertEquals(/^data.mean=\[0\.\d{4}\] data.std=\[0\.\d{4}\]\n$/.test(output), true, output);
  }));

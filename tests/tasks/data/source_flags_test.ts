import "../../native.ts";
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { createHash } from "node:crypto";
import type { Command } from "../../../tasks/cli/command.ts";
import { checkCommand } from "../../../tasks/data/check.ts";
import { indexCommand } from "../../../tasks/data/index.ts";
import { listCommand } from "../../../tasks/data/list.ts";
import { shardCommand } from "../../../tasks/data/shard.ts";
import { statsCommand } from "../../../tasks/data/stats.ts";
import { npyBytes } from "../../data/codec/write_npy.ts";
import { writePng } from "../../data/codec/write_png.ts";
import { inTempFolder } from "../../temp_folder.ts";
import { runCommand } from "../captured.ts";
import { watched } from "../watched.ts";

const pixels = [[10, 20, 30, 40], [50, 60, 70, 80], [0, 255, 0, 255]]; // two pixels of two channels

/** Runs the body with a folder of three arrays of two channels in a list, and the flags that say so. */
async function withArrays(body: (folder: string, given: string[]) => Promise<void>): Promise<void> {
  await inTempFolder(async (folder) => {
    const rows = ["path,kind", "0.npy,x", "1.npy,y", "2.npy,x", "gone.npy,x", ""];
    await Deno.writeTextFile(`${folder}/list.csv`, rows.join("\n"));
    for (const [i, values] of pixels.entries()) {
      await Deno.writeFile(`${folder}/${i}.npy`, npyBytes([1, 2, 2], values));
    }
    const given = ["--data", `${folder}/list.csv`, "--label", "kind", "--channels", "2"];
    await body(folder, given);
  });
}

Deno.test("source, label, channels and threads reach every command of data that decodes", () =>
  withArrays(async (folder, given) => {
    const on3 = [...given, "--num-workers", "3"];
    const hashed = await watched(listCommand, ...on3, "--hash");
    const lines = hashed.output.trimEnd().split("\n").map((line) => JSON.parse(line));
    assertEquals(lines.slice(0, -1), [
      ...pixels.map((values, i) => ({
        ...{ path: `${i}.npy`, label: i % 2, class: "xy"[i % 2], width: 2, height: 1 },
        sha256: createHash("sha256").update(Uint8Array.from(values)).digest("hex"),
      })),
    ]);
    const check = await watched(checkCommand, ...on3, "--output", `${folder}/check.json`);
    assertEquals(check.output.trimEnd().split("\n").filter((line) => /^(for|cla|Wr)/.test(line)), [
      `Wrote results to ${folder}/check.json`,
      "formats      NumPy 3",
      "classes      2 of 1 to 2 images; rarest: y 1, x 2",
    ]);
    assertEquals(check.bars, [1, 2, 3, 4, 5, 6].map((done) => `check ${done}/6`));
    const stats = await watched(statsCommand, ...on3);
    assertEquals(/^data.mean=\[0\.1046,0\.4641\] data.std=/.test(stats.output), true, stats.output);
    assertEquals([hashed.threads, check.threads, stats.threads], [3, 3, 3]);
    const gone = "Skipped gone.npy: no such file\n";
    assertEquals([stats.error, (await runCommand(indexCommand, ...given)).error], [gone, gone]);
    const listed = await watched(listCommand, ...given);
    const { format, label } = JSON.parse(listed.output.split("\n")[1]);
    assertEquals([format, label, listed.threads], ["NumPy", 1, 0]);
  }));

Deno.test("shards hold the classes and channels asked for, and images are resized on as many threads", () =>
  inTempFolder(async (folder) => {
    const list = `${folder}/list.csv`, shards = `${folder}/shards`;
    await Deno.writeTextFile(list, "path,kind\n0.png,x\n1.png,y\n2.png,x\n");
    for (let i = 0; i < 3; i++) {
      const values = Array.from({ length: 48 }, (_, k) => k + i);
      const image = writePng({ width: 4, height: 4, type: 2, values });
      await Deno.writeFile(`${folder}/${i}.png`, image);
    }
    const given = ["--data", list, "--label", "kind", "--resize", "2", "--num-workers", "3"];
    const { output, bars, threads } = await watched(shardCommand, ...given, "--output", shards);
    assertEquals(output, `Copied 3 images into 1 shard in ${shards}, read back and identical\n`);
    assertEquals([bars, threads], [["shard 1/3", "shard 2/3", "shard 3/3"], 3]);
    const back = ["--data", shards, "--label", "json.class"];
    const listed = (await runCommand(listCommand, ...back)).output.trimEnd().split("\n");
    assertEquals(listed.map((line) => JSON.parse(line).class), ["x", "y", "x"]);
    const own = [...given, "--output", `${folder}/other`, "--channels", "5"];
    const refused = "Cannot resize images of 5 channels";
    await assertRejects(() => runCommand(shardCommand, ...own), RangeError, refused);
  }));

Deno.test("several sources are one to every command of data", () =>
  inTempFolder(async (folder) => {
    for (const [i, name] of ["a", "b"].entries()) {
      await Deno.mkdir(`${folder}/${name}`);
      const values = [7 + i, 90 + i, 255, 3, 8, 200]; // two pixels
      const image = writePng({ width: 2, height: 1, type: 2, values });
      await Deno.writeFile(`${folder}/${name}/1.png`, image);
    }
    const given = ["--data", `${folder}/a`, "--data", `${folder}/b`];
    const output = ["--output", `${folder}/out`];
    const told = async (command: Command, ...own: string[]) =>
      (await runCommand(command, ...given, ...own)).output;
    assertEquals((await told(listCommand)).trimEnd().split("\n").length, 2);
    assertStringIncludes(await told(checkCommand), "images       2, ");
    assertStringIncludes(await told(statsCommand), "data.mean=[0.0206,0.1931,0.8922]");
    assertStringIncludes(await told(indexCommand), "2 images, listed in ");
    assertStringIncludes(await told(shardCommand, ...output), "Copied 2 images into 1 shard");
  }));

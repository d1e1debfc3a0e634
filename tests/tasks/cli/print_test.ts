import "../../native.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { indexCommand } from "../../../tasks/data/index.ts";
import { checkCommand } from "../../../tasks/data/check.ts";
import { listCommand } from "../../../tasks/data/list.ts";
import { shardCommand } from "../../../tasks/data/shard.ts";
import { statsCommand } from "../../../tasks/data/stats.ts";
import { CASES } from "../../data/sources/cases.ts";
import { shellWords } from "../../shell_words.ts";
import { inTempFolder } from "../../temp_folder.ts";
import { withoutOutput } from "../captured.ts";
import { trainCommand } from "../train/train_process.ts";

const SOURCE = `${CASES}apple_double`;

Deno.test("a command fails in a sentence where its results cannot be printed, and its files are there", () =>
  inTempFolder(async (folder) => {
    const check = `${folder}/check.json`, shards = `${folder}/shards`;
    await withoutOutput(async () => {
      for (
        const [command, ...flags] of [
          [listCommand],
          [statsCommand],
          [indexCommand],
          [checkCommand, "--output", check],
          [shardCommand, "--output", shards],
        ] as const
      ) {
        await assertRejects(
          async () => await (await command.prepare(["--data", SOURCE, ...flags]))(),
          Error,
          "Cannot print the results: standard output is closed, or its disk is full",
        );
      }
    });
    assertEquals(JSON.parse(Deno.readTextFileSync(check)).images, 2);
    assertEquals(Deno.statSync(`${shards}/00000.tar`).isFile, true);
  }));

Deno.test("what a task is asked to show, it shows or ends with status 1", async () => {
  const command = shellWords(...trainCommand(["--help"]));
  const { code, stderr } = await new Deno.Command("sh", { args: ["-c", `${command} > /dev/full`] })
    .output();
  assertEquals([code, new TextDecoder().decode(stderr)], [
    1,
    "Cannot print the results: standard output is closed, or its disk is full\n",
  ]);
});

import "../../native.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { indexCommand } from "../../../tasks/data/index.ts";
import { checkCommand } from "../../../tasks/data/check.ts";
import { listCommand } from "../../../tasks/data/list.ts";
import { statsCommand } from "../../../tasks/data/stats.ts";
import { CASES } from "../../data/sources/cases.ts";
import { inTempFolder } from "../../temp_folder.ts";
import { withoutOutput } from "../captured.ts";
import { trainCommand } from "../train_process.ts";

const SOURCE = `${CASES}apple_double`;

Deno.test("a command fails in a sentence where its results cannot be printed, and its file of them is there", () =>
  inTempFolder(async (folder) => {
    const output = `${folder}/check.json`;
    await withoutOutput(async () => {
      for (const command of [listCommand, statsCommand, indexCommand, checkCommand]) {
        const file = command === checkCommand ? ["--output", output] : [];
        await assertRejects(
          async () => await (await command.prepare(["--data", SOURCE, ...file]))(),
          Error,
          "Cannot print the results: standard output is closed, or its disk is full",
        );
      }
    });
    assertEquals(JSON.parse(Deno.readTextFileSync(output)).images, 2);
  }));

Deno.test("what a task is asked to show, it shows or ends with status 1", async () => {
  const command = trainCommand(["--help"]).map((word) => `'${word}'`).join(" ");
  const { code, stderr } = await new Deno.Command("sh", { args: ["-c", `${command} > /dev/full`] })
    .output();
  assertEquals([code, new TextDecoder().decode(stderr)], [
    1,
    "Cannot print the results: standard output is closed, or its disk is full\n",
  ]);
});

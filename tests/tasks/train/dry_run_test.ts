import "../../native.ts";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { makeBuiltinDataset } from "../../../src/data/builtin/builtin.ts";
import { checkMemory } from "../../../src/train/check_memory.ts";
import { availableMemory } from "../../../src/train/device_memory.ts";
import { planRun } from "../../../src/train/plan.ts";
import { measureMemory, measureRun } from "../../../src/train/run_sizes.ts";
import { foreseenSizes } from "../../../src/train/training_data.ts";
import { trainCommand } from "../../../tasks/train.ts";
import { parseTrainArguments } from "../../../tasks/train/arguments.ts";
import { configure } from "../../../tasks/train/configuration.ts";
import { planLines, sizeLines } from "../../../tasks/train/plan_lines.ts";
import { inTempFolder } from "../../temp_folder.ts";
import { runCommand } from "../captured.ts";
import { tiny } from "./train_process.ts";

/** What a dry run prints, in lines. */
async function dryRun(...args: string[]): Promise<string[]> {
  const { status, output, error } = await runCommand(trainCommand, "--dry-run", ...args);
  assertEquals([status, error], [0, ""]);
  return output.trimEnd().split("\n");
}

Deno.test("a dry run tells notes, plan and sizes, and warns of a run that fits into the memory but not into what is free", () =>
  inTempFolder(async (folder) => {
    const data = join(folder, "data");
    await makeBuiltinDataset(data, { trainPerClass: 3, valPerClass: 1, size: 40 });
    const evaluated = ["evaluation.eval_period_iterations=30", "train.saveckp_freq=3"];
    const args = [...tiny, `--data=${data}`, ...evaluated];
    const { config, notes } = await configure(parseTrainArguments(args));
    const images = await foreseenSizes(config);
    const lines = [
      ...[...notes, ...planLines(config, planRun(config))],
      ...sizeLines(measureRun(config, "cpu", images)),
    ];
    assertEquals([notes.length, images.evaluated], [2, [30, 10]]);
    const { systemMemoryInfo } = Deno;
    const needed = measureMemory(config, "cpu", images);
    try {
      for (const available of [needed, needed - 1]) {
        Deno.systemMemoryInfo = () => ({ ...systemMemoryInfo(), available });
        const warning = checkMemory(config, "cpu", availableMemory("cpu"), images);
        assertEquals(warning?.includes("are free now"), available < needed ? true : undefined);
        assertEquals(await dryRun(...args), warning === undefined ? lines : [...lines, warning]);
      }
    } finally {
      Deno.systemMemoryInfo = systemMemoryInfo;
    }
  }));

Deno.test("a dry run shows sizes on a device that is not here, and that a run would be refused", () =>
  inTempFolder(async (folder) => {
    const run = join(folder, "run");
    const args = [...tiny.filter((word) => word !== "--device=cpu"), `--output-dir=${run}`];
    const lines = await dryRun(...args, "--device=cuda:63");
    const { config } = await configure(parseTrainArguments([...args, "--device=cuda:63"]));
    const sizes = sizeLines(measureRun(config, "cuda:63", await foreseenSizes(config)));
    assertEquals(lines.slice(-1 - sizes.length, -1), sizes);
    const refused =
      'This run would be refused here. Cannot use the device "cuda:63": libtorch sees';
    assertStringIncludes(lines.at(-1)!, refused);
  }));

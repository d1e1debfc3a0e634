import "../native.ts";
import { assertEquals, assertMatch } from "@std/assert";
import { interrupt, resume, withSmallRun } from "../train/small_run.ts";
import { runTask } from "./run_task.ts";

Deno.test("doctor says after what a run resumes, and when it is finished", () =>
  withSmallRun({}, async ({ config }) => {
    const folder = config.train.output_dir;
    const lastLine = async () => {
      const { status, output } = await runTask("doctor", "--run", folder);
      assertMatch(output, /training_metrics.json.* match their digest/);
      return [status, output.trimEnd().split("\n").at(-1)];
    };
    await interrupt(config);
    assertEquals(await lastLine(), [0, "It resumes after 11 of 12 iterations"]);
    await resume(folder);
    assertEquals(await lastLine(), [0, "It is finished, after 12 iterations"]);
  }));

import "../native.ts";
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { inspectRun } from "../../src/train/inspect_run.ts";
import { interrupt, withSmallRun } from "./small_run.ts";

Deno.test("a run's files are whole, damaged or unproven, each by name", () =>
  withSmallRun({ evaluation: { eval_period_iterations: 6 } }, async ({ config }) => {
    const folder = config.train.output_dir;
    await assertRejects(() => inspectRun(folder), Error, "No run to resume");
    await interrupt(config);
    const states = async () =>
      (await inspectRun(folder)).findings.map(({ part, state }) => `${part} ${state}`);
    assertEquals(await states(), [
      "config.yaml whole",
      "model_0000003.safetensors whole",
      "model_0000007.safetensors whole",
      "model_0000010.safetensors whole",
      "eval/training_5/teacher_checkpoint.safetensors whole",
    ]);
    assertEquals((await inspectRun(folder)).resumesAfter, 11);
    const path = join(folder, "model_0000010.safetensors");
    const bytes = Deno.readFileSync(path);
    bytes[bytes.length - 1] ^= 1;
    Deno.writeFileSync(path, bytes);
    Deno.copyFileSync(join(folder, "model_0000003.safetensors"), path.replace("10", "07"));
    Deno.removeSync(join(folder, "config.yaml"));
    assertEquals((await states()).slice(0, 4), [
      "config.yaml damaged",
      "model_0000003.safetensors whole",
      "model_0000007.safetensors damaged",
      "model_0000010.safetensors damaged",
    ]);
    const { findings, resumesAfter } = await inspectRun(folder);
    assertEquals(resumesAfter, 4);
    assertStringIncludes(findings[2].found, "it is of iteration 3");
  }));

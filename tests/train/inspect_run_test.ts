import "../native.ts";
import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { Lease } from "../../src/files/lease.ts";
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
      "training_metrics.json whole",
      "skipped_files.txt whole",
      "environment.json unproven",
    ]);
    {
      using lease = await Lease.take(join(folder, "owner.json"));
      const { resumesAfter, total, holder } = await inspectRun(folder);
      assertEquals([resumesAfter, total, holder?.pid], [11, 12, Deno.pid]);
      lease.confirm();
    }
    assertEquals((await inspectRun(folder)).holder, undefined);
    const path = join(folder, "model_0000010.safetensors");
    const bytes = Deno.readFileSync(path);
    const digest = new TextDecoder("latin1").decode(bytes).indexOf('"sha256":');
    Deno.writeFileSync(path, bytes.with(digest + 1, 0x2e)); // by another name it is none
    assertEquals((await states())[3], "model_0000010.safetensors unproven");
    assertEquals((await inspectRun(folder)).resumesAfter, 11);
    bytes[bytes.length - 1] ^= 1;
    Deno.writeFileSync(path, bytes);
    Deno.copyFileSync(
      join(folder, "model_0000003.safetensors"),
      path.replace("0000010", "0000007"),
    );
    Deno.removeSync(join(folder, "config.yaml"));
    assertEquals((await states()).slice(0, 4), [
      "config.yaml damaged",
      "model_0000003.safetensors whole",
      "model_0000007.safetensors damaged",
      "model_0000010.safetensors damaged",
    ]);
    const { findings, resumesAfter } = await inspectRun(folder);
    assertEquals(resumesAfter, 4);
    assertStringIncludes(findings[2].found, "it holds iteration 3");
  }));

Deno.test("what a run notes beside its weights is held against its newest checkpoint", () =>
  withSmallRun({}, async ({ data, config }) => {
    const folder = config.train.output_dir;
    const broken = join(data, "train", Array.from(Deno.readDirSync(join(data, "train")))[0].name);
    Deno.writeTextFileSync(join(broken, "broken.png"), "no image");
    await interrupt(config);
    const beside = async () =>
      (await inspectRun(folder)).findings.slice(-3).map(({ state, found }) => `${state}: ${found}`);
    const change = (name: string, make: (text: string) => string) => {
      const path = join(folder, name);
      Deno.writeTextFileSync(path, make(Deno.readTextFileSync(path)));
    };
    const later = JSON.stringify({ iteration: 11, iter_time: 1, data_time: 0 });
    change("training_metrics.json", (text) => `${text}${later}\n`);
    change("skipped_files.txt", (text) => `${text}later.png\tit is empty\n`);
    const whole = await beside();
    assertEquals(whole, [
      "whole: its lines up to iteration 10 match their digest",
      "whole: it agrees with the checkpoint",
      "unproven: it can be read; no digest of it is kept",
    ]);
    change("training_metrics.json", (text) => text.replace(/"total_loss":\d/, '"total_loss":0'));
    change("skipped_files.txt", () => "");
    change("environment.json", (text) => text.slice(1));
    const damaged = await beside();
    assertEquals(damaged[0], "damaged: some of its lines up to iteration 10 were lost or changed");
    assertMatch(damaged[1], /^damaged: it lacks .*broken\.png; --resume restores it$/);
    assertMatch(damaged[2], /^damaged: it is missing or cannot be read/);
    for (const name of ["training_metrics.json", "skipped_files.txt", "environment.json"]) {
      Deno.removeSync(join(folder, name));
    }
    assertEquals((await beside()).map((found) => found.split(":")[0]), Array(3).fill("damaged"));
  }));

import "../native.ts";
import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { listCheckpoints } from "../../src/checkpoint/retain.ts";
import { readSafetensors, writeSafetensors } from "../../src/checkpoint/safetensors.ts";
import { full } from "../../src/tensor/create.ts";
import { noGradScope } from "../../src/autograd/mode.ts";
import { train } from "../../src/train/loop.ts";
import { inspectRun } from "../../src/train/inspect_run.ts";
import { openRun } from "../../src/train/run.ts";
import { restoreRun, saveRun } from "../../src/train/checkpointing.ts";
import { resolveConfig } from "../../src/config/resolve.ts";
import { readRunConfig } from "../../src/train/run_config.ts";
import { copyFolder, interrupt, movedTo, resume, tensorsOf, withSmallRun } from "./small_run.ts";

/** Rewrites a checkpoint with other metadata, as a whole file of its own digest. */
function rewriteState(path: string, change: (metadata: Record<string, string>) => void): void {
  const { tensors, metadata } = readSafetensors(path);
  change(metadata);
  writeSafetensors(path, tensors, metadata);
  for (const tensor of Object.values(tensors)) tensor.dispose();
}

/** What makes a checkpoint useless, and what is said of it. */
const useless: [fault: string, ruin: (path: string) => void, reason: string][] = [
  ["a flipped bit", (path) => {
    const bytes = Deno.readFileSync(path);
    bytes[bytes.length - 1000] ^= 1;
    Deno.writeFileSync(path, bytes);
  }, "it is damaged: its bytes do not match its digest"],
  ["half its bytes", (path) => Deno.truncateSync(path, 20_000), "it is cut short"],
  ["no bytes", (path) => Deno.truncateSync(path), "too few for a safetensors file"],
  [
    "a position as text",
    (path) => rewriteState(path, (it) => it.position = '"12"'),
    "its position",
  ],
  [
    "no evaluations",
    (path) => rewriteState(path, (it) => delete it.evaluations),
    "its evaluations",
  ],
  [
    "metrics of text",
    (path) => rewriteState(path, (it) => it.metrics = '{"a":["b"]}'),
    "its metrics",
  ],
  ["a later format", (path) => rewriteState(path, (it) => it.format_version = "9"), "in format 9"],
  [
    "another checkpoint's content",
    (path) => Deno.copyFileSync(path.replace("0000010", "0000007"), path),
    "it holds iteration 7",
  ],
];

Deno.test("a checkpoint that cannot be used is named, and the run goes on exactly from the one before", () =>
  withSmallRun({}, async ({ config }) => {
    const unbroken = movedTo(config, `${config.train.output_dir}-unbroken`);
    await train(unbroken);
    const expected = tensorsOf(unbroken.train.output_dir);
    await interrupt(config);
    for (const [fault, ruin, reason] of useless) {
      const folder = `${config.train.output_dir}-${fault}`;
      await copyFolder(config.train.output_dir, folder);
      ruin(join(folder, "model_0000010.safetensors"));
      const { notes } = await resume(folder);
      assertStringIncludes(notes.join("\n"), reason, fault);
      assertStringIncludes(notes.join("\n"), "model_0000010.safetensors", fault);
      assertEquals(tensorsOf(folder), expected, fault);
      await Deno.remove(folder, { recursive: true });
    }
  }));

Deno.test("a checkpoint of another run is named and passed over, also where it is the newest", () =>
  withSmallRun({}, async ({ config }) => {
    const folder = config.train.output_dir;
    const other = movedTo(config, `${folder}-other`);
    await train(other);
    const expected = tensorsOf(other.train.output_dir);
    await interrupt(config);
    const foreign = join(folder, "model_0000011.safetensors");
    await Deno.copyFile(join(other.train.output_dir, "model_0000011.safetensors"), foreign);
    await copyFolder(folder, `${folder}-unnamed`);
    await Deno.remove(join(`${folder}-unnamed`, "config.yaml"));
    await assertRejects(() => resume(`${folder}-unnamed`), Error, "are of different runs");
    const { findings, resumesAfter } = await inspectRun(folder);
    const [found] = findings.filter(({ part }) => part === "model_0000011.safetensors");
    assertEquals([found.state, found.found], ["damaged", "it belongs to another run"]);
    assertEquals(resumesAfter, 11);
    const { notes, doneBefore } = await resume(folder);
    assertEquals([notes.length, doneBefore], [1, 11]);
    assertStringIncludes(notes[0], `Cannot resume from "${foreign}": it belongs to another run`);
    assertEquals(tensorsOf(folder), expected);
  }));

Deno.test("a run of which no checkpoint can be used is not started from scratch", () =>
  withSmallRun({}, async ({ config }) => {
    await interrupt(config);
    const folder = config.train.output_dir;
    for (const { path } of listCheckpoints(folder)) Deno.truncateSync(path, 100);
    await assertRejects(() => resume(folder), Error, "none of its checkpoints can be used");
  }));

Deno.test("checkpoints without digest, name and identity, as older versions wrote them, are resumed", () =>
  withSmallRun({}, async ({ config }) => {
    await interrupt(config);
    const folder = config.train.output_dir;
    const own = ["format_version", "deino", "run_id", "data", "skipped", "metrics_sha256"];
    for (const { path } of listCheckpoints(folder)) {
      rewriteState(path, (it) => own.forEach((name) => delete it[name]));
      const bytes = Deno.readFileSync(path);
      bytes[new TextDecoder("latin1").decode(bytes).indexOf('"sha256"') + 6] = 0x39; // 9
      Deno.writeFileSync(path, bytes);
    }
    const yaml = join(folder, "config.yaml");
    Deno.writeTextFileSync(yaml, Deno.readTextFileSync(yaml).replace(/^run_id:.*\n/, ""));
    const { done, notes } = await resume(folder);
    assertEquals([done, notes], [12, []]);
  }));

Deno.test("a config.yaml that was edited is refused, one that is gone or damaged is restored", () =>
  withSmallRun({}, async ({ config }) => {
    await interrupt(config);
    const folder = config.train.output_dir;
    const path = join(folder, "config.yaml");
    const text = Deno.readTextFileSync(path);
    Deno.writeTextFileSync(path, text.replace(/base_lr: .*/, "base_lr: 0.125"));
    await assertRejects(() => resume(folder), Error, "optim.base_lr is 0.125 there and 0.0001 in");
    Deno.writeTextFileSync(path, text.replace(/run_id: ..../, "run_id: beef"));
    await assertRejects(() => resume(folder), Error, "belongs to another run than");
    const { id } = await (Deno.writeTextFileSync(path, text), readRunConfig(folder));
    const damages: [text: string | undefined, why: string][] = [
      [undefined, "there is no such file"],
      ["", "it lacks settings"],
      ["\0\0\0", "end of the stream"],
      [text.slice(0, text.indexOf("crops:")), "it lacks settings"],
      [text.replace("opt", "0pt"), "there is no such key"],
    ];
    for (const [damaged, why] of damages) {
      if (damaged === undefined) Deno.removeSync(path);
      else Deno.writeTextFileSync(path, damaged);
      const found = await readRunConfig(folder);
      assertEquals([found.config, found.id], [config, id]);
      assertStringIncludes(found.notes[0], "Took the settings from");
      assertStringIncludes(found.notes[0], why);
    }
    const { done } = await resume(folder);
    assertEquals(done, 12);
    assertEquals(Deno.readTextFileSync(path), text);
  }));

Deno.test("a run is not resumed on other images, but on the same ones at another place", () =>
  withSmallRun({}, async ({ data, config }) => {
    await interrupt(config);
    const folder = config.train.output_dir;
    await copyFolder(data, `${data}2`);
    const [{ name }] = Deno.readDirSync(join(data, "train"));
    const [image] = Deno.readDirSync(join(data, "train", name));
    await Deno.remove(join(data, "train", name, image.name));
    await assertRejects(
      () => resume(folder),
      Error,
      "are now 19, not the 20 it was trained on",
    );
    const { config: saved } = await readRunConfig(folder);
    const moved = { ...saved, train: { ...saved.train, dataset_path: join(`${data}2`, "train") } };
    assertEquals((await train(moved, { resume: true })).done, 12);
    assertEquals((await readRunConfig(folder)).config.train.dataset_path, moved.train.dataset_path);
  }));

Deno.test("a run on several sources goes on where they lie now, but not by other weights", () =>
  withSmallRun({}, async ({ data, config: single }) => {
    const mixed = (root: string, weight: number, config = single) => {
      const sources = [{ path: join(root, "train"), weight }, {
        path: join(root, "val"),
        weight: 1,
      }];
      return resolveConfig(config, { train: { dataset_path: "" }, data: { sources } });
    };
    const config = mixed(data, 2);
    const folder = config.train.output_dir;
    await interrupt(config);
    await Deno.rename(data, `${data}2`);
    await copyFolder(folder, `${folder}2`);
    const other = movedTo(mixed(`${data}2`, 3), `${folder}2`);
    await assertRejects(() => train(other, { resume: true }), Error, "data.sources=");
    assertEquals((await train(mixed(`${data}2`, 2), { resume: true })).done, 12);
    const [{ path }] = (await readRunConfig(folder)).config.data.sources;
    assertEquals(path, join(`${data}2`, "train"));
  }));

Deno.test("evaluations of before, and the list of skipped files, come back with the run", () =>
  withSmallRun({ data: { max_broken_fraction: 0.5 } }, async ({ data, config }) => {
    const val_dataset_path = join(data, "val");
    const evaluated = { ...config, evaluation: { ...config.evaluation, val_dataset_path } };
    const labelled = {
      ...evaluated,
      evaluation: { ...evaluated.evaluation, eval_period_iterations: 6 },
    };
    for (const { name } of [...Deno.readDirSync(join(data, "train"))].slice(0, 3)) {
      const [image] = Deno.readDirSync(join(data, "train", name));
      Deno.truncateSync(join(data, "train", name, image.name), 100);
    }
    const unbroken = movedTo(labelled, `${config.train.output_dir}-unbroken`);
    const whole = await train(unbroken);
    await interrupt(labelled);
    const folder = config.train.output_dir;
    Deno.truncateSync(join(folder, "skipped_files.txt"));
    const resumed = await resume(folder);
    assertEquals(resumed.evaluations, whole.evaluations);
    assertEquals(resumed.evaluations.length, 4);
    const skipped = (path: string) => Deno.readTextFileSync(join(path, "skipped_files.txt"));
    assertEquals(skipped(folder), skipped(unbroken.train.output_dir));
    assertEquals(skipped(folder).split("\n").length, 4);
  }));

Deno.test("metrics that were changed since the checkpoint are told", () =>
  withSmallRun({}, async ({ config }) => {
    await interrupt(config);
    const folder = config.train.output_dir;
    Deno.truncateSync(join(folder, "training_metrics.json"), 30);
    const { notes } = await resume(folder);
    assertStringIncludes(
      notes.join("\n"),
      "training_metrics.json does not match the checkpoint",
    );
  }));

Deno.test("weights that are not finite are not saved, and earlier checkpoints stay", () =>
  withSmallRun({}, async ({ config }) => {
    await interrupt(config);
    const { config: saved } = await readRunConfig(config.train.output_dir);
    using run = await openRun(saved, { resume: true, onEvent: () => {} });
    restoreRun(run);
    const { weight } = run.learner.student.backbone.norm;
    noGradScope(() => weight.copy_(full(weight.shape, NaN)));
    const before = listCheckpoints(saved.train.output_dir);
    run.done = 12;
    assertThrows(
      () => saveRun(run),
      Error,
      "starting with student.backbone.norm.weight, are not finite",
    );
    assertEquals(listCheckpoints(saved.train.output_dir), before);
  }));

Deno.test("a run without labels saves its teacher", () =>
  withSmallRun({}, async ({ config }) => {
    const { folder } = await train(config);
    const names = [...Deno.readDirSync(join(folder, "eval", "training_11"))].map(({ name }) =>
      name
    );
    assertEquals(names, ["teacher_checkpoint.safetensors"]);
  }));

Deno.test("a run is saved by the clock, and when asked, before its turn", () =>
  withSmallRun({ checkpointing: { period: 100, max_to_keep: 20 } }, async ({ config }) => {
    const iterations = (folder: string) =>
      listCheckpoints(folder).map(({ iteration }) => iteration);
    let asked = 0;
    const first = await train(config, { isSaveRequested: () => ++asked === 3 });
    assertEquals(iterations(first.folder), [2, 11]);
    const hurried = { ...config.checkpointing, period_minutes: 1e-9 };
    const second = movedTo({ ...config, checkpointing: hurried }, `${first.folder}-hurried`);
    assertEquals(iterations((await train(second)).folder), Array.from({ length: 12 }, (_, i) => i));
  }));

Deno.test("a run whose folder is removed ends with an error, and makes no other", () =>
  withSmallRun({}, async ({ config }) => {
    const { output_dir } = config.train;
    await assertRejects(
      () =>
        train(config, {
          onEvent: ({ kind }) => {
            if (kind === "checkpoint") Deno.removeSync(output_dir, { recursive: true });
          },
        }),
      Error,
      "the folder was removed or emptied",
    );
    assertEquals(await Deno.stat(output_dir).catch(() => "missing"), "missing");
  }));

Deno.test("two runs do not share a folder", () =>
  withSmallRun({}, async ({ config }) => {
    const [first, second] = await Promise.allSettled([train(config), train(config)]);
    const outcomes = [first.status, second.status].sort();
    assertEquals(outcomes, ["fulfilled", "rejected"]);
    const { reason } = [first, second].find(({ status }) =>
      status === "rejected"
    ) as PromiseRejectedResult;
    assertStringIncludes(reason.message, `process ${Deno.pid} on this machine is using it`);
  }));

Deno.test("unless told otherwise a run is saved after every three epochs, and keeps three checkpoints", () =>
  withSmallRun(
    { checkpointing: { period: 0 }, train: { OFFICIAL_EPOCH_LENGTH: 1 }, optim: { epochs: 12 } },
    async ({ config }) => {
      const saved: number[] = [];
      const { folder } = await train(config, {
        onEvent: (event) => event.kind === "checkpoint" && saved.push(event.iteration),
      });
      assertEquals(saved, [2, 5, 8, 11]);
      assertEquals(listCheckpoints(folder).map(({ iteration }) => iteration), [5, 8, 11]);
    },
  ));

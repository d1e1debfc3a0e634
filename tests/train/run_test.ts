import "../native.ts";
import { assert, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { toMetadata } from "../../src/checkpoint/metadata.ts";
import { writeSafetensors } from "../../src/checkpoint/safetensors.ts";
import { resolveConfig } from "../../src/config/resolve.ts";
import { readHolder } from "../../src/files/lease.ts";
import { ones } from "../../src/tensor/create.ts";
import { noGrad } from "../../src/autograd/mode.ts";
import { restoreRun, saveRun, saveRunTeacher } from "../../src/train/checkpointing.ts";
import type { TrainEvent } from "../../src/train/events.ts";
import { Learner } from "../../src/train/learner.ts";
import { train } from "../../src/train/loop.ts";
import { openRun } from "../../src/train/run.ts";
import { readRunConfig } from "../../src/train/run_config.ts";
import { RunFolder } from "../../src/train/run_folder.ts";
import { backboneOptions } from "../../src/dino/network.ts";
import { VisionTransformer } from "../../src/vit/vision_transformer.ts";
import { copyFolder, interrupt, resume, tensorsOf, withSmallRun } from "./small_run.ts";

Deno.test("a folder that another machine works in is waited for, which is told, until the start is given up", () =>
  withSmallRun({}, async ({ config }) => {
    const { output_dir } = config.train;
    Deno.mkdirSync(output_dir);
    const owner = join(output_dir, "owner.json");
    const renewed = new Date().toISOString();
    const holder = { id: "its own", host: "elsewhere", boot: "another", pid: 4711, renewed };
    Deno.writeTextFileSync(owner, JSON.stringify(holder));
    const stopping = new AbortController();
    const notes: string[] = [];
    const onEvent = (event: TrainEvent) => {
      if (event.kind !== "note") return;
      notes.push(event.text);
      stopping.abort(new Error("not today"));
    };
    const started = train(config, { signal: stopping.signal, onEvent });
    await assertRejects(() => started, Error, "not today");
    assertEquals(notes, [
      `Waiting for process 4711 on elsewhere, which is using ${output_dir}`,
    ]);
    assertEquals(readHolder(owner)?.id, "its own");
    assertEquals([...Deno.readDirSync(output_dir)].map(({ name }) => name), ["owner.json"]);
  }));

Deno.test("a run that was killed before its first checkpoint starts from scratch, with metrics of its own", () =>
  withSmallRun({}, async ({ config }) => {
    const { output_dir } = config.train;
    const killed = RunFolder.create(output_dir, config);
    for (const iteration of [0, 10]) {
      killed.appendMetrics({ iteration, iter_time: 1, data_time: 0 });
    }
    const { notes, done, doneBefore } = await resume(output_dir);
    assertEquals([done, doneBefore], [12, 0]);
    assert(notes.includes(`No checkpoint in ${output_dir} yet: starting from scratch`));
    assertEquals(killed.metrics().map(({ iteration }) => iteration), [0, 10, 11]);
  }));

Deno.test("a run whose crops were made by another arithmetic is told so once, where it goes on", () =>
  withSmallRun({}, async ({ config }) => {
    await interrupt(config);
    const path = join(config.train.output_dir, "environment.json");
    Deno.writeTextFileSync(path, "{}");
    const open = async () => {
      const notes: string[] = [];
      const onEvent = (event: TrainEvent) => void (event.kind === "note" && notes.push(event.text));
      (await openRun(config, { resume: true, onEvent }))[Symbol.dispose]();
      return notes;
    };
    const [note, ...others] = await open();
    assertMatch(note, /^This run started with crops that were rounded differently/);
    assertEquals([others, await open()], [[], []]);
  }));

Deno.test("a checkpoint that does not fit on the disk is not begun, and the skipped files stay as they were", () =>
  withSmallRun({}, async ({ config }) => {
    using run = await openRun(config, { resume: false, onEvent: () => {} });
    run.skipped = [{ path: "a.jpg", reason: "broken" }];
    using flag = ones([1]);
    const huge = { numel: 2 ** 60, dtype: "float32", isfinite: () => flag };
    const { tensors } = run.learner;
    run.learner.tensors = () => ({ w: huge as never });
    assertThrows(() => saveRun(run), Error, `Cannot save in ${config.train.output_dir}: `);
    run.learner.tensors = tensors;
    assertEquals(
      [...Deno.readDirSync(config.train.output_dir)].map(({ name }) => name).sort(),
      ["config.yaml", "environment.json", "owner.json"],
    );
  }));

Deno.test("a run that evaluates its initial weights otherwise than they note says so, once and for all", () =>
  withSmallRun({}, async ({ data, config }) => {
    const path = join(data, "w.safetensors");
    {
      using model = new VisionTransformer(backboneOptions(config));
      const preprocessing = { image_size: 28, interpolation: "bilinear" };
      writeSafetensors(path, model.stateDict(), toMetadata({ preprocessing }));
    }
    const notesOf = async (output_dir: string, val_dataset_path: string, resume: boolean) => {
      const evaluation = { val_dataset_path, eval_period_iterations: 6 };
      const student = { pretrained_weights: path };
      const asked = resolveConfig(config, { student, evaluation, train: { output_dir } });
      const notes: string[] = [];
      const onEvent = (event: TrainEvent) => void (event.kind === "note" && notes.push(event.text));
      (await openRun(asked, { resume, onEvent }))[Symbol.dispose]();
      return notes.filter((note) => note.startsWith("Evaluations")).length;
    };
    const { output_dir } = config.train, val = join(data, "val");
    assertEquals([await notesOf(output_dir, val, false), await notesOf(output_dir, val, true)], [
      1,
      0,
    ]);
    assertEquals(await notesOf(`${output_dir}2`, "", false), 0);
  }));

Deno.test("config.yaml tells where the images of a resumed run lie now, and all else as the run began", () =>
  withSmallRun({}, async ({ data, config }) => {
    await interrupt(config);
    const [known, val] = ["train", "val"].map((name) => join(data, name));
    const evaluation = { train_dataset_path: known, val_dataset_path: val };
    const asked = resolveConfig(config, { evaluation, checkpointing: { max_to_keep: 7 } });
    (await openRun(asked, { resume: true, onEvent: () => {} }))[Symbol.dispose]();
    const { config: told } = await readRunConfig(config.train.output_dir);
    assertEquals(told, resolveConfig(config, { evaluation }));
  }));

Deno.test("neither checkpoint nor teacher is saved where another process has taken over, or when it is not finite", () =>
  withSmallRun({}, async ({ config }) => {
    const { output_dir } = config.train;
    using run = await openRun(config, { resume: false, onEvent: () => {} });
    run.done = 4;
    const names = () => [...Deno.readDirSync(output_dir)].map(({ name }) => name).sort();
    const before = names(), owner = join(output_dir, "owner.json");
    const holder = readHolder(owner)!;
    Deno.writeTextFileSync(owner, JSON.stringify({ ...holder, id: "another", pid: 4711 }));
    for (const save of [saveRun, saveRunTeacher]) {
      assertThrows(() => save(run), Error, "process 4711 on");
    }
    Deno.writeTextFileSync(owner, JSON.stringify(holder));
    noGrad(() => run.learner.emaTeacher.backbone.clsToken.fill_(NaN));
    for (const save of [saveRun, saveRunTeacher]) {
      assertThrows(() => save(run), Error, "backbone.cls_token, are not finite after 4 iterations");
    }
    assertEquals(names(), before);
  }));

Deno.test("a run is not resumed where the images that it is evaluated with are others", () =>
  withSmallRun({}, async ({ data, config }) => {
    const [known, val] = ["known", "val"].map((name) => join(data, name));
    await copyFolder(join(data, "train"), known);
    const evaluation = { train_dataset_path: known, val_dataset_path: val };
    const asked = resolveConfig(config, {
      evaluation: { ...evaluation, eval_period_iterations: 100 },
    });
    await train(asked, { signal: AbortSignal.abort() });
    const restore = async () => {
      using run = await openRun(asked, { resume: true, onEvent: () => {} });
      restoreRun(run);
      return run.done;
    };
    for (const root of [known, val]) {
      const [{ name }] = Deno.readDirSync(root), [image] = Deno.readDirSync(join(root, name));
      Deno.renameSync(join(root, name, image.name), join(data, "aside"));
      await assertRejects(restore, Error, `the images in ${root} are now `);
      Deno.renameSync(join(data, "aside"), join(root, name, image.name));
    }
    assertEquals(await restore(), 1);
  }));

Deno.test("a run starts from the weights that it names, and goes on from its own", () =>
  withSmallRun({}, async ({ data, config }) => {
    const path = join(data, "w.safetensors");
    using model = new VisionTransformer({ ...backboneOptions(config), seed: 7 });
    writeSafetensors(path, model.stateDict());
    const asked = resolveConfig(config, { student: { pretrained_weights: path } });
    const notesOf = async (resume: boolean) => {
      const notes: string[] = [];
      const onEvent = (event: TrainEvent) => void (event.kind === "note" && notes.push(event.text));
      await train(asked, { resume, signal: AbortSignal.abort(), onEvent });
      return notes;
    };
    assertEquals(await notesOf(false), [
      `Starting from ${path}: its backbone; heads start at random`,
    ]);
    const saved = tensorsOf(asked.train.output_dir); // after a step at a rate of 0
    const [own, its] = ["student", "teacher"].map((network) =>
      [...model.namedParameters()].map(([name]) => saved[`${network}.backbone.${name}`])
    );
    const expected = model.parameters().map((value) => JSON.stringify(value.toList()));
    assertEquals([own, its], [expected, expected]);
    assertEquals(await notesOf(true), []);
  }));

Deno.test("a run for whose checkpoints there is no room on the disk is not started", () =>
  withSmallRun({}, async ({ config }) => {
    const { output_dir } = config.train, { tensors } = Learner.prototype;
    const huge = { numel: 2 ** 60, dtype: "float32", dispose() {} };
    Learner.prototype.tensors = function () {
      return { ...tensors.call(this), huge: huge as never };
    };
    try {
      const opened = openRun(config, { resume: false, onEvent: () => {} });
      await assertRejects(() => opened, Error, `Cannot save in ${output_dir}: `);
    } finally {
      Learner.prototype.tensors = tensors;
    }
    assertEquals(await Deno.stat(output_dir).catch(() => "missing"), "missing");
  }));

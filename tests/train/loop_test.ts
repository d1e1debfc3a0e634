import "../native.ts";
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "@std/path";
import "./plenty_of_memory.ts";
import { listCheckpoints } from "../../src/checkpoint/retain.ts";
import { SafetensorsFile } from "../../src/checkpoint/safetensors.ts";
import { presets } from "../../src/config/presets.ts";
import { resolveConfig } from "../../src/config/resolve.ts";
import type { Config, Settings } from "../../src/config/schema.ts";
import { makeBuiltinDataset } from "../../src/data/builtin/builtin.ts";
import { setNumThreads } from "../../src/tensor/device.ts";
import { liveTensors, scope } from "../../src/tensor/scope.ts";
import type { TrainEvent } from "../../src/train/events.ts";
import { train } from "../../src/train/loop.ts";
import { inTempFolder } from "../temp_folder.ts";
import { small } from "./small_run.ts";

setNumThreads(1); // products this small take longer when they are shared out

/** A run of 12 steps on a dozen images. */
const tiny: Settings = { ...small, checkpointing: { period: 5, max_to_keep: 2 } };

async function withRun(body: (settings: Settings) => Promise<void>): Promise<void> {
  await inTempFolder(async (folder) => {
    const data = join(folder, "data");
    await makeBuiltinDataset(data, { trainPerClass: 2, valPerClass: 1, size: 32 });
    const before = liveTensors();
    await body({
      train: { dataset_path: join(data, "train"), output_dir: join(folder, "run") },
      evaluation: { val_dataset_path: join(data, "val") },
    });
    assertEquals(liveTensors(), before, "tensors outlived the run");
  });
}

function configured(...settings: Settings[]): Config {
  return resolveConfig(presets.dino.settings, tiny, ...settings);
}

Deno.test("a run tells what happens, in order, and keeps the newest checkpoints", () =>
  withRun(async (settings) => {
    const config = configured(settings, { evaluation: { eval_period_iterations: 6 } });
    const events: TrainEvent[] = [];
    const result = await train(config, { onEvent: (event) => events.push(event) });
    assertEquals([result.done, result.total], [12, 12]);
    assertEquals(
      events.map((event) => event.kind),
      [
        ...["start", "evaluation", "evaluation", "progress", "checkpoint", "evaluation"],
        ...["checkpoint", "progress", "progress", "evaluation", "checkpoint"],
      ],
    );
    assertEquals(
      result.evaluations.map(({ features, iterations, k }) => [features, iterations, k]),
      [["raw pixels", 0, 3], ["untrained network", 0, 3], ["teacher", 6, 3], ["teacher", 12, 3]],
    );
    const files = Array.from(Deno.readDirSync(result.folder), ({ name }) => name).sort();
    assertEquals(files, [
      "config.yaml",
      "environment.json",
      "eval",
      "model_0000009.safetensors",
      "model_0000011.safetensors",
      "skipped_files.txt",
      "training_metrics.json",
    ]);
  }));

Deno.test("a run with every loss, masks and stochastic depth goes through", () =>
  withRun(async (settings) => {
    const all: Settings = {
      ...tiny,
      student: {
        ...tiny.student,
        drop_path_rate: 0.3,
        ffn_layer: "swiglu",
        num_register_tokens: 2,
      },
      ibot: {
        head_n_prototypes: 16,
        head_hidden_dim: 16,
        head_bottleneck_dim: 8,
        separate_head: true,
      },
      train: { ...tiny.train, centering: "sinkhorn_knopp" },
    };
    const config = resolveConfig(all, settings, { evaluation: { val_dataset_path: "" } });
    const names: string[] = [];
    const onEvent = (event: TrainEvent) => {
      if (event.kind === "progress") names.push(...Object.keys(event.progress.metrics));
    };
    const { done, health } = await train(config, { onEvent });
    assertEquals([done, health.condition], [12, "healthy"]);
    const losses = [...new Set(names)].filter((name) => name.endsWith("_loss")).sort();
    assertEquals(losses, [
      "dino_global_crops_loss",
      "dino_local_crops_loss",
      "ibot_loss",
      "koleo_loss",
      "total_loss",
    ]);
    for (
      const name of [
        ...["teacher_entropy", "target_kl", "target_information", "prototypes_used"],
        ...["effective_rank", "mean_cosine", "masked_share"],
        ...["backbone_grad_norm", "dino_head_grad_norm", "ibot_head_grad_norm"],
      ]
    ) assert(names.includes(name), `${name} was not logged`);
  }));

Deno.test("a run that collapses says so when that shows, with the setting at fault", () =>
  withRun(async (settings) => {
    const config = configured(settings, {
      teacher: { warmup_teacher_temp: 5, teacher_temp: 5 },
      optim: { epochs: 16, warmup_epochs: 1 },
      checkpointing: { period: 100 },
    });
    const seen: [iteration: number, setting?: string][] = [];
    const onEvent = (event: TrainEvent) => {
      if (event.kind === "health") seen.push([event.iteration, event.health.cause?.setting]);
    };
    const { health } = await train(config, { onEvent });
    assertEquals(seen[0], [50, "teacher.warmup_teacher_temp"]);
    assertEquals(health.cause?.setting, "teacher.warmup_teacher_temp");
  }));

Deno.test("images that an evaluation both knows and is asked about are told once in a run", () =>
  withRun(async (settings) => {
    const config = configured(settings);
    const { train: { dataset_path: known }, evaluation: { val_dataset_path: asked } } = config;
    const [{ name }] = [...Deno.readDirSync(known)].filter(({ isDirectory }) => isDirectory);
    const [image] = Deno.readDirSync(join(known, name));
    Deno.copyFileSync(join(known, name, image.name), join(asked, name, "copy.png"));
    const stopping = AbortSignal.abort();
    const notesOf = async (resume: boolean) => {
      const notes: string[] = [];
      const evaluated = resolveConfig(config, { evaluation: { eval_period_iterations: 12 } });
      await train(evaluated, {
        resume,
        signal: stopping,
        onEvent: (event) => event.kind === "note" && notes.push(event.text),
      });
      return notes;
    };
    assertEquals(await notesOf(false), [
      `In the evaluations during training, 1 of the 11 images in ${asked} are training images too, ` +
      `which makes results too optimistic: ${name}/copy.png`,
    ]);
    assertEquals(await notesOf(true), []);
  }));

Deno.test("a run that diverges stops by name and leaves its last checkpoint whole", () =>
  withRun(async (settings) => {
    const { optim, ...rest } = configured(settings);
    const config = { ...rest, optim: { ...optim, base_lr: 1e30 } };
    await assertRejects(() => train(config), Error, "Cannot continue");
    const last = listCheckpoints(config.train.output_dir).at(-1);
    if (last === undefined) return;
    using file = new SafetensorsFile(last.path);
    for (const name of file.entries.keys()) {
      using tensor = file.read(name);
      using finite = tensor.isfinite();
      using all = finite.all();
      assertEquals([name, Boolean(all.item())], [name, true]);
    }
  }));

Deno.test("a run that throws between two readings of the losses leaves no tensor behind", () =>
  withRun(async (settings) => {
    const config = configured(settings, { evaluation: { eval_period_iterations: 6 } });
    const onEvent = (event: TrainEvent) => {
      const isLate = event.kind === "evaluation" && event.evaluation.iterations > 0;
      if (isLate) throw new Error("nobody listens");
    };
    await assertRejects(() => train(config, { onEvent }), Error, "nobody listens");
  }));

Deno.test("the number of neighbours that summaries speak of is 20 where it is evaluated", () =>
  withRun(async (settings) => {
    const config = configured(settings, { evaluation: { nb_knn: [3, 20] } });
    const { evaluations } = await train({
      ...config,
      evaluation: { ...config.evaluation, eval_period_iterations: 12 },
    });
    assertEquals(evaluations.map(({ k }) => k), [20, 20, 20]);
  }));

Deno.test("a run that was finished is left as it is when resumed", () =>
  withRun(async (settings) => {
    const config = configured(settings);
    const first = await train(config);
    const again = await train(config, { resume: true });
    assertEquals([again.done, again.evaluations], [12, first.evaluations]);
  }));

Deno.test("a stopped run goes on with the same order of images", () =>
  withRun(async (settings) => {
    const config = configured(settings);
    const stopping = new AbortController();
    const onEvent = ({ kind }: TrainEvent) => {
      if (kind === "progress") stopping.abort();
    };
    assertEquals((await train(config, { signal: stopping.signal, onEvent })).done, 1);
    assertEquals((await train(config, { resume: true })).done, 12);
  }));

Deno.test("a run in parts that was stopped goes on bit for bit", () =>
  withRun(async (settings) => {
    const parts: Settings = {
      student: { ...tiny.student, drop_path_rate: 0.3 },
      train: { ...tiny.train, ...settings.train, batch_size_per_gpu: 2, accumulate: 2 },
      ibot: { head_n_prototypes: 32, mask_ratio_min_max: [0.25, 0.5] },
    };
    const weights = async (stops: boolean) => {
      const output_dir = `${settings.train!.output_dir}-${stops}`;
      const config = resolveConfig(tiny, parts, { train: { ...parts.train, output_dir } });
      const stopping = new AbortController();
      const onEvent = ({ kind }: TrainEvent) => {
        if (stops && kind === "progress") stopping.abort();
      };
      const { done } = await train(config, { signal: stopping.signal, onEvent });
      assertEquals(done, stops ? 1 : 12);
      if (stops) await train(config, { resume: true });
      using file = new SafetensorsFile(listCheckpoints(output_dir).at(-1)!.path);
      return scope(() => [...file.entries.keys()].map((name) => file.read(name).toList()));
    };
    assertEquals(await weights(true), await weights(false));
  }));

Deno.test("too few images for a batch are refused before a folder is made", () =>
  withRun(async (settings) => {
    const config = configured(settings, { train: { batch_size_per_gpu: 30 } });
    await assertRejects(() => train(config), RangeError, "train.batch_size_per_gpu=20");
    assertEquals(await Deno.stat(config.train.output_dir).catch(() => "missing"), "missing");
  }));

Deno.test("a start that fails takes back what it wrote in its folder", () =>
  withRun(async (settings) => {
    const config = configured(settings), { output_dir } = config.train;
    const obstacle = join(output_dir, "environment.json", "in the way");
    Deno.mkdirSync(obstacle, { recursive: true });
    await assertRejects(() => train(config), Error, "environment.json");
    assertEquals([...Deno.readDirSync(output_dir)].map(({ name }) => name), ["environment.json"]);
  }));

/** Runs `body` on a machine of that much memory, of which a part is free. */
async function withMemory(total: number, free: number, body: () => Promise<void>): Promise<void> {
  const { systemMemoryInfo } = Deno;
  Deno.systemMemoryInfo = () => ({ ...systemMemoryInfo(), total, available: free });
  try {
    await body();
  } finally {
    Deno.systemMemoryInfo = systemMemoryInfo;
  }
}

Deno.test("a run that needs more memory than there is is not started, but resumed with a warning", () =>
  withRun(async (settings) => {
    const config = configured(settings);
    await withMemory(2 ** 24, 2 ** 23, async () => {
      await assertRejects(() => train(config), RangeError, "Cannot train in 0.0156 GB of memory");
    });
    const signal = AbortSignal.abort();
    await train(config, { signal });
    await withMemory(2 ** 24, 2 ** 23, async () => {
      const notes: string[] = [];
      const onEvent = (event: TrainEvent) => event.kind === "note" && notes.push(event.text);
      assertEquals((await train(config, { resume: true, signal, onEvent })).done, 2);
      assertMatch(notes[0], /and 0\.00781 GB of .* are free now: it may be slow/);
      assertEquals(notes.length, 1);
    });
  }));

Deno.test("a start that fails in a folder of its own leaves none, and a resumed run keeps all of its own", () =>
  withRun(async (settings) => {
    const many = { checkpointing: { period: 5, max_to_keep: 1e9 } };
    const config = configured(settings, many);
    const { output_dir } = config.train;
    const refuse = (event: TrainEvent) => {
      if (event.kind === "note" && event.text.startsWith("Keeping")) {
        throw new Error("nobody listens");
      }
    };
    await assertRejects(() => train(config, { onEvent: refuse }), Error, "nobody listens");
    assertEquals(await Deno.stat(output_dir).catch(() => "missing"), "missing");
    await train(config, { signal: AbortSignal.abort() });
    const names = () => [...Deno.readDirSync(output_dir)].map(({ name }) => name).sort();
    const before = names();
    await assertRejects(
      () => train(config, { resume: true, onEvent: refuse }),
      Error,
      "nobody listens",
    );
    assertEquals(names(), before);
  }));

Deno.test("a run without a folder is refused before anything is read", async () => {
  await assertRejects(() => train(resolveConfig(tiny)), RangeError, "set train.output_dir");
});

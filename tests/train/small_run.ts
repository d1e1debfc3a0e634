/**
 * A run of seconds that is interrupted, damaged and resumed.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import "./plenty_of_memory.ts";
import { listCheckpoints } from "../../src/checkpoint/retain.ts";
import { SafetensorsFile } from "../../src/checkpoint/safetensors.ts";
import { presets } from "../../src/config/presets.ts";
import { resolveConfig } from "../../src/config/resolve.ts";
import type { Config, Settings } from "../../src/config/schema.ts";
import { makeBuiltinDataset } from "../../src/data/builtin/builtin.ts";
import { setNumThreads } from "../../src/tensor/device.ts";
import { liveTensors } from "../../src/tensor/scope.ts";
import type { TrainEvent } from "../../src/train/events.ts";
import { train, type TrainResult } from "../../src/train/loop.ts";
import { readRunConfig } from "../../src/train/run_config.ts";
import { inTempFolder } from "../temp_folder.ts";

setNumThreads(1); // products this small take longer when they are shared out

/** Twelve steps on twenty images, with a checkpoint after every fourth. */
export const small: Settings = {
  student: { arch: "vit_nano", patch_size: 8 },
  dino: { head_n_prototypes: 32, head_hidden_dim: 16, head_bottleneck_dim: 8 },
  train: { batch_size_per_gpu: 4, OFFICIAL_EPOCH_LENGTH: 4, device: "cpu", num_workers: 1 },
  optim: { epochs: 3, warmup_epochs: 1 },
  crops: { global_crops_size: 32, local_crops_size: 16, local_crops_number: 2 },
  checkpointing: { period: 4 },
  evaluation: { eval_period_iterations: 0, nb_knn: [3] },
};

/** Where a small run lies. */
interface SmallRun {
  /** Its images: `train/` and `val/`. */
  readonly data: string;
  /** Its configuration; the run folder is `config.train.output_dir`. */
  readonly config: Config;
}

/** Runs `body` with the images of a small run, and settings beside its own. */
export async function withSmallRun(
  settings: Settings,
  body: (run: SmallRun) => Promise<void>,
): Promise<void> {
  await inTempFolder(async (folder) => {
    const data = join(folder, "data");
    await makeBuiltinDataset(data, { trainPerClass: 2, valPerClass: 1, size: 32 });
    const places = { dataset_path: join(data, "train"), output_dir: join(folder, "run") };
    const config = resolveConfig(presets.dino.settings, small, { train: places }, settings);
    const before = liveTensors();
    await body({ data, config });
    assertEquals(liveTensors(), before, "tensors outlived the run");
  });
}

/** The same run in a folder of this path. */
export function movedTo(config: Config, output_dir: string): Config {
  return resolveConfig(config, { train: { output_dir } });
}

/** Trains until eleven of the twelve steps are done; checkpoints of iterations 3, 7 and 10 are there then. */
export async function interrupt(config: Config): Promise<void> {
  const stopping = new AbortController();
  const onEvent = (event: TrainEvent) => {
    if (event.kind === "progress" && event.progress.done === 11) stopping.abort();
  };
  assertEquals((await train(config, { signal: stopping.signal, onEvent })).done, 11);
}

/** Resumes a run as the command line does. */
export async function resume(folder: string): Promise<TrainResult & { readonly notes: string[] }> {
  const { config, notes } = await readRunConfig(folder);
  const told = [...notes];
  const onEvent = (event: TrainEvent) => {
    if (event.kind === "note") told.push(event.text);
  };
  const result = await train(movedTo(config, folder), { resume: true, onEvent });
  return { ...result, notes: told };
}

/** The values of each tensor of a run's last checkpoint. */
export function tensorsOf(folder: string): Record<string, string> {
  using file = new SafetensorsFile(listCheckpoints(folder).at(-1)!.path);
  return Object.fromEntries([...file.entries.keys()].map((name) => {
    using tensor = file.read(name);
    return [name, JSON.stringify(tensor.toList())];
  }));
}

/** A copy of a folder and all that it holds. */
export async function copyFolder(from: string, to: string): Promise<void> {
  const { success } = await new Deno.Command("cp", { args: ["-r", from, to] }).output();
  assertEquals(success, true);
}

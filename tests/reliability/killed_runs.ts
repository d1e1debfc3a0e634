/**
 * Runs of a process that are killed at random moments, with broken images among the data.
 *
 * @module
 */
import { join } from "@std/path";
import { makeBuiltinDataset } from "../../src/data/builtin/builtin.ts";
import { Stream } from "../../src/random/stream.ts";
import { trainCommand } from "../tasks/train_process.ts";
import { tensorsOf } from "../train/small_run.ts";

/** Twenty-four steps of milliseconds, with a checkpoint after every third. */
const SETTINGS = [
  ...["--preset=first_light", "--device=cpu", "student.arch=vit_nano", "student.patch_size=8"],
  ...["dino.head_n_prototypes=32", "dino.head_hidden_dim=16", "dino.head_bottleneck_dim=8"],
  ...["crops.global_crops_size=32", "crops.local_crops_size=16", "crops.local_crops_number=2"],
  ...["train.batch_size_per_gpu=2", "train.OFFICIAL_EPOCH_LENGTH=8", "train.num_workers=1"],
  ...["optim.epochs=3", "optim.warmup_epochs=1", "checkpointing.period=3"],
  ...["data.max_broken_fraction=0.4", "evaluation.eval_period_iterations=0"],
];

/** What a run leaves that must not depend on kills. */
interface Remains {
  readonly tensors: Record<string, string>;
  readonly metrics: readonly string[];
  readonly skipped: readonly string[];
}

/** A run that was never killed, beside which others are held. */
interface Unbroken extends Remains {
  /** The images: every sixth is broken. */
  readonly data: string;
  /** How long it took, in milliseconds. */
  readonly duration: number;
}

/** What came of a run that was killed. */
interface KilledRun {
  /** How often it was killed while it ran. */
  readonly kills: number;
  /** What differs from the unbroken run; empty if nothing does. */
  readonly differences: readonly string[];
}

/** Trains without a kill. */
export async function trainUnbroken(folder: string): Promise<Unbroken> {
  const data = join(folder, "data");
  await makeBuiltinDataset(data, { trainPerClass: 3, valPerClass: 1, size: 32 });
  const classes = [...Deno.readDirSync(join(data, "train"))].map(({ name }) => name).sort();
  for (const name of classes.filter((_, i) => i % 2 === 0)) {
    Deno.truncateSync(join(data, "train", name, "0001.jpg"), 200);
  }
  const run = join(folder, "unbroken");
  const began = performance.now();
  const { code } = await start(run, data).status;
  if (code !== 0) throw new Error(`The run that is not killed ended with ${code}`);
  return { data, duration: performance.now() - began, ...remainsOf(run) };
}

/** Trains with a SIGKILL at up to three random moments, resuming after each. */
export async function trainKilled(
  folder: string,
  unbroken: Unbroken,
  seed: number,
): Promise<KilledRun> {
  const run = join(folder, `killed-${seed}`);
  const stream = new Stream(seed, "kills");
  let kills = 0;
  for (let left = 3;; left--) {
    const child = start(run, unbroken.data);
    const moment = left === 0 ? 2 ** 30 : stream.uniform(0, unbroken.duration);
    const timer = setTimeout(() => child.kill("SIGKILL"), moment);
    const { success, signal, code } = await child.status;
    clearTimeout(timer);
    if (success) break;
    if (signal !== "SIGKILL") return { kills, differences: [`it ended with status ${code}`] };
    kills++;
  }
  const remains = remainsOf(run);
  const differences = (Object.keys(remains) as (keyof Remains)[])
    .filter((name) => JSON.stringify(remains[name]) !== JSON.stringify(unbroken[name]));
  await Deno.remove(run, { recursive: true });
  return { kills, differences };
}

/** Begins a run, or resumes it where there is one. */
function start(run: string, data: string): Deno.ChildProcess {
  const isThere = pathExists(join(run, "config.yaml"));
  const args = isThere ? ["--resume"] : [...SETTINGS, `--data=${join(data, "train")}`];
  const [program, ...rest] = trainCommand([...args, `--output-dir=${run}`]);
  return new Deno.Command(program, {
    args: rest,
    env: { OMP_NUM_THREADS: "1" },
    stdout: "null",
    stderr: "null",
  }).spawn();
}

function remainsOf(run: string): Remains {
  const lines = (name: string) => Deno.readTextFileSync(join(run, name)).trimEnd().split("\n");
  const metrics = lines("training_metrics.json").map((line) => {
    const { iter_time: _iter, data_time: _data, ...rest } = JSON.parse(line);
    return JSON.stringify(rest);
  });
  return { tensors: tensorsOf(run), metrics, skipped: lines("skipped_files.txt").sort() };
}

function pathExists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

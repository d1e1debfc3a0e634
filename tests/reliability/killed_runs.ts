/**
 * Runs of a process that are killed, with broken images among the data.
 *
 * @module
 */
import { join } from "@std/path";
import { Stream } from "../../src/random/stream.ts";
import { send } from "../tasks/send.ts";
import { runTrain } from "../tasks/train/train_process.ts";
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
/** What a run prints in the middle of its shards: it goes on from the checkpoint after nine steps. */
const IN_THE_MIDDLE = "11/24";

/** What a run leaves that must not depend on kills. */
interface Remains {
  readonly tensors: Record<string, string>;
  readonly metrics: readonly string[];
  readonly skipped: readonly string[];
}

/** A run that was never killed, beside which others are held. */
interface Unbroken extends Remains {
  /** How its command line names its images. */
  readonly source: readonly string[];
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

/**
 * Trains without a kill.
 *
 * @param folder Where the run goes.
 * @param source How a command line names its images.
 */
export async function trainUnbroken(folder: string, source: readonly string[]): Promise<Unbroken> {
  const run = join(folder, "unbroken");
  const began = performance.now();
  const { status, stderr } = await start(run, source);
  if (status !== 0) throw new Error(`The run that is not killed ended with ${status}: ${stderr}`);
  const duration = performance.now() - began;
  const remains = remainsOf(run);
  await Deno.remove(run, { recursive: true });
  return { source, duration, ...remains };
}

/** Trains with a SIGKILL in the middle, and then at up to two random moments, resuming after each. */
export async function trainKilled(
  folder: string,
  unbroken: Unbroken,
  seed: number,
): Promise<KilledRun> {
  const run = join(folder, `killed-${seed}`);
  const stream = new Stream(seed, "kills");
  const moments = [IN_THE_MIDDLE, ...[1, 2].map(() => stream.uniform(0, unbroken.duration))];
  let kills = 0;
  for (const after of [...moments, undefined]) {
    const { status, signal, stderr } = await start(run, unbroken.source, after);
    if (status === 0) break;
    if (signal !== "SIGKILL") {
      return { kills, differences: [`it ended with status ${status}: ${stderr}`] };
    }
    kills++;
  }
  const remains = remainsOf(run);
  const differences = (Object.keys(remains) as (keyof Remains)[])
    .filter((name) => JSON.stringify(remains[name]) !== JSON.stringify(unbroken[name]));
  await Deno.remove(run, { recursive: true });
  return { kills, differences };
}

/** Begins a run, or resumes it where there is one. */
function start(run: string, source: readonly string[], after?: string | number) {
  const isThere = pathExists(join(run, "config.yaml"));
  const args = isThere ? ["--resume"] : [...SETTINGS, ...source];
  return runTrain([...args, `--output-dir=${run}`], {
    ...typeof after === "string" && { at: { text: after, command: send("SIGKILL") } },
    ...typeof after === "number" && { killAfter: after },
    env: { DEINO_CACHE: join(run, "../cache") },
  });
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

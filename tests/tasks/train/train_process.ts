/**
 * Runs `tasks/train.ts` as a process of its own.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { type Moment, preloaded } from "../moment.ts";
import { flagsOf } from "../run_task.ts";

const TASK = fromFileUrl(new URL("../../../tasks/train.ts", import.meta.url));
/** The project's `deno.json`. */
export const PROJECT: string = fromFileUrl(new URL("../../../deno.json", import.meta.url));

/** Settings of a run whose steps take milliseconds; 60 of them, with a checkpoint after every seventh. */
export const tiny = [
  "--preset=first_light",
  "--device=cpu",
  "student.arch=vit_nano",
  "student.patch_size=8",
  "dino.head_n_prototypes=32",
  "dino.head_hidden_dim=16",
  "dino.head_bottleneck_dim=8",
  "crops.global_crops_size=32",
  "crops.local_crops_size=16",
  "crops.local_crops_number=2",
  "train.batch_size_per_gpu=2",
  "train.OFFICIAL_EPOCH_LENGTH=10",
  "optim.epochs=6",
  "optim.warmup_epochs=1",
  "checkpointing.period=7",
  "evaluation.eval_period_iterations=0",
];

/** How the task ended and what it wrote. */
interface Ended {
  readonly status: number;
  readonly signal: Deno.Signal | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Options of {@linkcode runTrain}. */
interface RunTrainOptions {
  /** What is to happen to the run on its way. */
  readonly at?: Moment;
  /** Milliseconds after which it is killed, wherever it is. */
  readonly killAfter?: number;
  /** Variables of its environment beside the usual ones. */
  readonly env?: Readonly<Record<string, string>>;
  /** The most bytes that a file may come to hold, as if the disk were full then. */
  readonly fileLimit?: number;
  /** A signal that is ignored when the process starts, as `nohup` has it. */
  readonly ignored?: Deno.Signal;
}

/** The command line of a process that trains, as `deno task train` starts it. */
export function trainCommand(args: readonly string[], before: readonly string[] = []): string[] {
  const flags = [...flagsOf("train"), ...before, "--no-check", "--config", PROJECT];
  return [Deno.execPath(), "run", ...flags, TASK, ...args];
}

/** Runs the task to its end, or until it is killed. */
export async function runTrain(args: string[], options: RunTrainOptions = {}): Promise<Ended> {
  const { at, killAfter, env, fileLimit, ignored } = options;
  const limits = [
    ...fileLimit === undefined ? [] : [`trap '' XFSZ; ulimit -f ${fileLimit >> 9}`],
    ...ignored === undefined ? [] : [`trap '' ${ignored.slice(3)}`],
  ];
  const { flags, env: moment } = preloaded(at);
  const task = trainCommand(args, flags);
  const [program, ...rest] = limits.length === 0
    ? task
    : ["sh", "-c", `${limits.join("; ")}; exec "$@"`, "sh", ...task];
  const child = new Deno.Command(program, {
    args: rest,
    env: { OMP_NUM_THREADS: "1", NO_COLOR: "1", FORCE_COLOR: "", ...moment, ...env },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const timer = killAfter === undefined ? undefined : setTimeout(() => kill(child), killAfter);
  const { code, signal, stdout, stderr } = await child.output();
  clearTimeout(timer);
  const [output, error] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { status: code, signal, stdout: output, stderr: error };
}

function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch {
    // It has ended meanwhile.
  }
}

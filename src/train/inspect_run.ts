import { join } from "@std/path";
import { listCheckpoints } from "../checkpoint/retain.ts";
import { SafetensorsFile } from "../checkpoint/safetensors.ts";
import { listTeachers } from "../checkpoint/teacher.ts";
import { type Holder, readHolder } from "../files/lease.ts";
import { printable } from "../files/quoted.ts";
import { totalIterations } from "../optim/schedules.ts";
import { readState } from "./checkpointing.ts";
import { readRunConfig } from "./run_config.ts";
import { CONFIG, ENVIRONMENT, METRICS, OWNER, RunFolder, SKIPPED } from "./run_folder.ts";
import { readRunState } from "./run_state.ts";

/** What was found of a part of a run folder. */
interface RunFinding {
  /** The file, relative to the folder. */
  readonly part: string;
  /** Whether it is as it was written, not so, or of a kind that carries no proof. */
  readonly state: "whole" | "damaged" | "unproven";
  /** What is known of it, in a sentence without its full stop. */
  readonly found: string;
}

/** What was found of a run folder. */
export interface RunInspection {
  /** Every file that a run writes. */
  readonly findings: readonly RunFinding[];
  /** The iteration after which the run would be resumed; undefined where no checkpoint can be used. */
  readonly resumesAfter?: number;
  /** Iterations in the run, where a checkpoint tells. */
  readonly total?: number;
  /** Who is using the folder, if anyone is. */
  readonly holder?: Holder;
}

/**
 * Reads every file of a run and compares it with what was written. Nothing is changed.
 *
 * @param path The run folder.
 * @throws {Error} If it holds no run.
 */
export async function inspectRun(path: string): Promise<RunInspection> {
  const folder = RunFolder.reopen(path);
  const config = await inspectConfig(path);
  const judged = listCheckpoints(path).map((each) => ({
    ...each,
    finding: inspectWeights(path, each.path, { iteration: each.iteration, id: config.id }),
  }));
  const usable = judged.findLast(({ finding }) => finding.state !== "damaged");
  const saved = usable && readState(usable.path);
  return {
    findings: [
      config.finding,
      ...judged.map(({ finding }) => finding),
      ...listTeachers(path).map((each) => inspectWeights(path, each.path)),
      inspected(METRICS, () => inspectMetrics(folder, saved)),
      inspected(SKIPPED, () => inspectSkipped(folder, saved)),
      inspected(ENVIRONMENT, () => inspectEnvironment(folder)),
    ],
    resumesAfter: usable && usable.iteration + 1,
    total: saved && totalIterations(saved.config),
    holder: readHolder(join(path, OWNER)),
  };
}

/** Looks at the configuration, and takes the run's name from it where there is one. */
async function inspectConfig(path: string): Promise<{ finding: RunFinding; id?: string }> {
  try {
    const { id, notes } = await readRunConfig(path);
    const found = notes[0] ?? "it agrees with the checkpoints";
    return {
      id,
      finding: { part: CONFIG, state: notes.length === 0 ? "whole" : "damaged", found },
    };
  } catch (error) {
    return { finding: { part: CONFIG, state: "damaged", found: (error as Error).message } };
  }
}

/** What a checkpoint must be of: the iteration that its name says, and the run of the folder where that is known. */
interface Expected {
  readonly iteration: number;
  readonly id?: string;
}

/** @param expected What a checkpoint must be of. Default: it is no checkpoint. */
function inspectWeights(folder: string, path: string, expected?: Expected): RunFinding {
  return inspected(path.slice(folder.length + 1), () => {
    using file = new SafetensorsFile(path);
    const isProven = file.verify();
    if (expected !== undefined) requireExpected(file.state, expected);
    return isProven
      ? { state: "whole", found: "its bytes match its digest" }
      : { state: "unproven", found: "it has no digest" };
  });
}

/** @throws {Error} If a checkpoint is of something else. */
function requireExpected(state: SafetensorsFile["state"], { iteration, id }: Expected): void {
  const { run_id } = readRunState(state);
  if (state.iteration !== iteration) throw new Error(`it holds iteration ${state.iteration}`);
  if (id !== undefined && run_id !== undefined && run_id !== id) {
    throw new Error("it belongs to another run");
  }
}

/** What the checkpoint says that the run would be resumed from. */
type Saved = ReturnType<typeof readState> | undefined;
type Found = Omit<RunFinding, "part">;

function inspectMetrics(folder: RunFolder, saved: Saved): Found {
  if (saved?.metrics_sha256 === undefined) {
    return { state: "unproven", found: "no checkpoint has a digest of it" };
  }
  const lines = `its lines up to iteration ${saved.iteration}`;
  return folder.metricsDigest(saved.iteration) === saved.metrics_sha256
    ? { state: "whole", found: `${lines} match their digest` }
    : { state: "damaged", found: `some of ${lines} were lost or changed` };
}

function inspectSkipped(folder: RunFolder, saved: Saved): Found {
  if (saved === undefined) {
    return { state: "unproven", found: "no checkpoint records what it lists" };
  }
  const [first, ...others] = folder.unlisted(saved.skipped);
  if (first === undefined) return { state: "whole", found: "it agrees with the checkpoint" };
  const more = others.length === 0 ? "" : ` and ${others.length} more`;
  return {
    state: "damaged",
    found: `it lacks ${printable(first.path)}${more}; --resume restores it`,
  };
}

function inspectEnvironment(folder: RunFolder): Found {
  return Object.keys(folder.environment()).length > 0
    ? { state: "unproven", found: "it can be read; no digest of it is kept" }
    : { state: "damaged", found: "it is missing or cannot be read; --resume rewrites it" };
}

/** What was found of a part; what keeps it from being looked at is damage. */
function inspected(part: string, inspect: () => Found): RunFinding {
  try {
    return { part, ...inspect() };
  } catch (error) {
    return { part, state: "damaged", found: (error as Error).message };
  }
}

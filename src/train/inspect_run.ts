import { join } from "@std/path";
import { listCheckpoints } from "../checkpoint/retain.ts";
import { SafetensorsFile } from "../checkpoint/safetensors.ts";
import { listTeachers } from "../checkpoint/teacher.ts";
import { type Holder, readHolder } from "../files/lease.ts";
import { readRunConfig } from "./run_config.ts";
import { CONFIG, OWNER, RunFolder } from "./run_folder.ts";
import { readRunState } from "./run_state.ts";

/** What was found of a part of a run folder. */
export interface RunFinding {
  /** The file, relative to the folder. */
  readonly part: string;
  /** Whether it is as it was written, not so, or of a kind that carries no proof. */
  readonly state: "whole" | "damaged" | "unproven";
  /** What is known of it, in a sentence without its full stop. */
  readonly found: string;
}

/** What was found of a run folder. */
export interface RunInspection {
  /** Every file that a run is resumed or its weights are taken from. */
  readonly findings: readonly RunFinding[];
  /** The iteration after which the run would be resumed; undefined where no checkpoint can be used. */
  readonly resumesAfter?: number;
  /** Who works in the folder, if somebody does. */
  readonly holder?: Holder;
}

/**
 * Reads every file of a run and compares it with what was written. Nothing is changed.
 *
 * @param path The run folder.
 * @throws {Error} If it holds no run.
 */
export async function inspectRun(path: string): Promise<RunInspection> {
  RunFolder.reopen(path);
  const checkpoints = listCheckpoints(path);
  const judged = checkpoints.map((each) => ({
    ...each,
    finding: inspectWeights(path, each.path, each.iteration),
  }));
  const usable = judged.findLast(({ finding }) => finding.state !== "damaged");
  return {
    findings: [
      await inspectConfig(path),
      ...judged.map(({ finding }) => finding),
      ...listTeachers(path).map((each) => inspectWeights(path, each.path)),
    ],
    resumesAfter: usable && usable.iteration + 1,
    holder: readHolder(join(path, OWNER)),
  };
}

async function inspectConfig(path: string): Promise<RunFinding> {
  try {
    const { notes } = await readRunConfig(path);
    return notes.length === 0
      ? { part: CONFIG, state: "whole", found: "it agrees with the checkpoints" }
      : { part: CONFIG, state: "damaged", found: notes[0] };
  } catch (error) {
    return { part: CONFIG, state: "damaged", found: (error as Error).message };
  }
}

/** @param iteration What a checkpoint must be of, by its name. Default: it is no checkpoint. */
function inspectWeights(folder: string, path: string, iteration?: number): RunFinding {
  const part = path.slice(folder.length + 1);
  try {
    using file = new SafetensorsFile(path);
    const isProven = file.verify();
    if (iteration !== undefined) readRunState(file.state);
    if (iteration !== undefined && file.state.iteration !== iteration) {
      throw new Error(`it is of iteration ${file.state.iteration}`);
    }
    return isProven
      ? { part, state: "whole", found: "its bytes are those that were written" }
      : { part, state: "unproven", found: "it was written without a digest" };
  } catch (error) {
    return { part, state: "damaged", found: (error as Error).message };
  }
}

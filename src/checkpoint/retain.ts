import { join } from "@std/path";
import { wholeName } from "../files/atomic_file.ts";
import { namesIn } from "../files/folder_names.ts";

/** A checkpoint in a run folder. */
export interface CheckpointFile {
  /** The last iteration it has seen, counted from 0. */
  readonly iteration: number;
  /** The file. */
  readonly path: string;
}

const NAME = /^model_(\d{7,15})\.safetensors$/;

/**
 * The file of a checkpoint, named as the reference names it: `model_0003749.safetensors`.
 *
 * @throws {RangeError} If the iteration is not a whole number from 0.
 */
export function checkpointPath(folder: string, iteration: number): string {
  if (!Number.isSafeInteger(iteration) || iteration < 0) {
    throw new RangeError(`Cannot name a checkpoint of iteration ${iteration}: count from 0`);
  }
  return join(folder, `model_${String(iteration).padStart(7, "0")}.safetensors`);
}

/** The numbered checkpoints of a run folder, oldest first; none where there is no such folder. */
export function listCheckpoints(folder: string): CheckpointFile[] {
  return namesIn(folder, "files")
    .flatMap((name) => {
      const iteration = NAME.exec(name)?.[1];
      return iteration === undefined ? [] : [{ iteration: +iteration, path: join(folder, name) }];
    })
    .sort((a, b) => a.iteration - b.iteration);
}

/**
 * Removes old checkpoints, and what an interrupted saving left.
 *
 * @param folder The run folder.
 * @param options Which checkpoint was saved last, and how many to keep up to it. Later ones, of a run that went on from
 * before them, stay until they are rewritten.
 */
export function retainNewest(
  folder: string,
  options: { iteration: number; maxToKeep: number },
): void {
  const upTo = listCheckpoints(folder).filter(({ iteration }) => iteration <= options.iteration);
  for (const { path } of upTo.slice(0, -options.maxToKeep)) Deno.removeSync(path);
  for (const name of namesIn(folder, "files")) {
    if (NAME.test(wholeName(name) ?? "")) Deno.removeSync(join(folder, name));
  }
}

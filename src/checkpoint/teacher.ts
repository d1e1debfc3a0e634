import { basename, dirname, join } from "@std/path";
import type { Tensor } from "../tensor/tensor.ts";
import { namesIn } from "../files/folder_names.ts";
import { toMetadata } from "./metadata.ts";
import type { CheckpointFile } from "./retain.ts";
import { writeSafetensors } from "./safetensors.ts";

const FOLDER = /^training_(\d{1,15})$/;

/** A teacher to evaluate. */
interface Teacher {
  /** The last finished iteration, counted from 0. */
  readonly iteration: number;
  /** Its tensors under the reference's names: `backbone.*`, `dino_head.*`, `ibot_head.*`. */
  readonly tensors: Record<string, Tensor>;
  /** The run's configuration and whatever else goes into the file's metadata, entry by entry as JSON. */
  readonly state: Record<string, unknown>;
}

/** The file of a teacher, where the reference has it. */
export function teacherPath(folder: string, iteration: number): string {
  return join(folder, "eval", `training_${iteration}`, "teacher_checkpoint.safetensors");
}

/**
 * Saves the teacher alone, for evaluation and use.
 *
 * @param folder The run folder.
 * @param teacher What to save.
 * @returns The file.
 * @throws {Error} When it could not be written.
 */
export function saveTeacher(folder: string, teacher: Teacher): string {
  const { iteration, tensors, state } = teacher;
  const path = teacherPath(folder, iteration);
  writeSafetensors(path, tensors, toMetadata({ ...state, iteration }));
  return path;
}

/** The teachers that were saved in a run folder, oldest first. */
export function listTeachers(folder: string): CheckpointFile[] {
  return namesIn(join(folder, "eval"), "folders")
    .flatMap((name) => FOLDER.exec(name)?.[1] ?? [])
    .map((iteration) => ({ iteration: +iteration, path: teacherPath(folder, +iteration) }))
    .filter(({ path }) => namesIn(dirname(path), "files").includes(basename(path)))
    .sort((a, b) => a.iteration - b.iteration);
}

import { relative } from "@std/path";
import type { Config } from "./schema.ts";

/**
 * Settings that are allowed but rarely intended: schedules that never reach their end, or run backwards, and a run folder
 * among the images.
 *
 * @returns A sentence for each, with what to change.
 */
export function doubtsAbout(config: Config): string[] {
  const { optim, teacher, train } = config;
  const doubts: string[] = [];
  const iterations = (epochs: number) => Math.trunc(epochs * train.OFFICIAL_EPOCH_LENGTH);
  const { warmup_teacher_temp_epochs: warmup, warmup_teacher_temp, teacher_temp } = teacher;
  if (warmup_teacher_temp !== teacher_temp && iterations(warmup) > iterations(optim.epochs)) {
    doubts.push(
      `The teacher's temperature changes for teacher.warmup_teacher_temp_epochs=${warmup} and the run ends after ` +
        `${optim.epochs} epochs: it never reaches teacher.teacher_temp=${teacher_temp}. Presets change it for three ` +
        `tenths of the run: teacher.warmup_teacher_temp_epochs=${short(0.3 * optim.epochs)}`,
    );
  }
  const { momentum_teacher: first, final_momentum_teacher: last } = teacher;
  if (last < first) {
    doubts.push(
      `The teacher's momentum falls from teacher.momentum_teacher=${first} to teacher.final_momentum_teacher=${last}, ` +
        `so that it follows the student ever faster. Presets let it rise: teacher.final_momentum_teacher=1`,
    );
  }
  const images = imageSources(config).find((source) => contains(source, train.output_dir));
  if (images !== undefined) {
    doubts.push(
      `The run folder train.output_dir=${train.output_dir} lies among the images in ${images}: pictures that are put ` +
        "into it become images of the next run. Name a folder outside with --output-dir",
    );
  }
  return doubts;
}

function imageSources({ train, data, evaluation }: Config): string[] {
  const { train_dataset_path, val_dataset_path } = evaluation;
  return [
    train.dataset_path,
    ...data.sources.map(({ path }) => path),
    train_dataset_path,
    val_dataset_path,
  ];
}

function contains(folder: string, path: string): boolean {
  return folder !== "" && path !== "" && !/^\.\.(\/|$)/.test(relative(folder, path));
}

function short(value: number): string {
  return String(Number(value.toPrecision(2)));
}

import type { Config } from "./schema.ts";

/**
 * Settings that are allowed but rarely intended: schedules that never reach their end, or run backwards.
 *
 * @returns A sentence for each, with what to change.
 */
export function doubtsAbout({ optim, teacher, train }: Config): string[] {
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
  return doubts;
}

function short(value: number): string {
  return String(Number(value.toPrecision(2)));
}

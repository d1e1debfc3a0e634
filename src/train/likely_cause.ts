import type { Config } from "../config/schema.ts";
import { peakLearningRate } from "../config/effective_batch.ts";
import { STUDENT_TEMPERATURE } from "../dino/dino_loss.ts";
import type { Condition } from "./condition.ts";
import type { MetricsLine } from "./metrics.ts";

/** A setting that may be the cause. */
export interface LikelyCause {
  /** Its name. */
  readonly setting: string;
  /** Its present value. */
  readonly value: number | string;
  /** What to do about it, to follow a semicolon. */
  readonly remedy: string;
}

/** Below this the teacher is hardly steadier than the student; the reference begins at 0.992. */
const LEAST_MOMENTUM = 0.9;

/** Peak of the learning rate that no recipe of the reference comes near: they reach 0.0057. */
const GREATEST_LR = 0.01;

/** The teacher temperature that the reference starts with. */
const SHARP_TEMPERATURE = 0.04;

/**
 * The most likely cause: first what is outside of the range that the method works in, then what most often
 * helps.
 *
 * @param config The run.
 * @param condition What is wrong with it.
 * @param line Its smoothed values.
 */
export function likelyCause(config: Config, condition: Condition, line: MetricsLine): LikelyCause {
  const { optim, teacher, train } = config;
  const isUniform = condition === "collapsing to uniform";
  const temperatures = [
    ["teacher.teacher_temp", teacher.teacher_temp],
    ["teacher.warmup_teacher_temp", teacher.warmup_teacher_temp],
  ] as const;
  const [coldest, hottest] = temperatures.toSorted(([, a], [, b]) => a - b);
  const learningRate: LikelyCause = {
    setting: "optim.base_lr",
    value: optim.base_lr,
    remedy: "lower it; try a tenth first",
  };
  if (condition === "diverging" || peakLearningRate(config) > GREATEST_LR) return learningRate;
  if (line.teacher_temp >= STUDENT_TEMPERATURE) {
    return {
      ...named(hottest),
      remedy: `targets must be sharper than the student's ${STUDENT_TEMPERATURE}, such as 0.04`,
    };
  }
  if (!isUniform && line.teacher_temp < SHARP_TEMPERATURE / 2) {
    return {
      ...named(coldest),
      remedy: `raise it to ${SHARP_TEMPERATURE}; sharper targets are one prototype for every image`,
    };
  }
  if (teacher.momentum_teacher < LEAST_MOMENTUM) {
    return {
      setting: "teacher.momentum_teacher",
      value: teacher.momentum_teacher,
      remedy: "raise it to 0.99 or more: the teacher must change slowly",
    };
  }
  if (isUniform && optim.freeze_last_layer_epochs === 0) {
    return {
      setting: "optim.freeze_last_layer_epochs",
      value: optim.freeze_last_layer_epochs,
      remedy: "freeze prototypes during the warm-up: if they learn from the start, targets flatten",
    };
  }
  if (isUniform && line.teacher_temp > SHARP_TEMPERATURE) {
    return {
      ...named(hottest),
      remedy: `lower it to ${SHARP_TEMPERATURE}, or warm it up for longer`,
    };
  }
  if (train.centering === "centering") {
    return {
      setting: "train.centering",
      value: train.centering,
      remedy: "sinkhorn_knopp spreads targets better in small batches",
    };
  }
  return learningRate;
}

function named(
  [setting, value]: readonly [string, number],
): Pick<LikelyCause, "setting" | "value"> {
  return { setting, value };
}

import { peakLearningRate } from "../config/effective_batch.ts";
import type { Config } from "../config/schema.ts";

/** A quantity that changes from iteration to iteration. */
export type Schedule = (iteration: number) => number;

/** Options of {@linkcode cosineSchedule}. */
export interface CosineOptions {
  /** The value after the warm-up. */
  base: number;
  /** The value at and past the end. */
  final: number;
  /** Length of the whole in iterations. */
  total: number;
  /** Iterations of the linear warm-up, whose last value is `base`. Default: 0. */
  warmup?: number;
  /** The value at iteration 0 when there is a warm-up. Default: 0. */
  start?: number;
}

/**
 * A linear warm-up and half a cosine, as in the reference: both ends of the warm-up are included, so the peak
 * comes twice, and the final value is reached only past the end.
 */
export function cosineSchedule(options: CosineOptions): Schedule {
  const { base, final, total, warmup = 0, start = 0 } = options;
  return (iteration) => {
    if (iteration < warmup - 1) return start + iteration * ((base - start) / (warmup - 1));
    if (iteration === warmup - 1) return base;
    if (iteration >= total) return final;
    const progress = (iteration - warmup) / (total - warmup);
    return final + 0.5 * (base - final) * (1 + Math.cos(Math.PI * progress));
  };
}

/** From `start` to `end`, both reached, over `steps` iterations; `end` ever after. */
export function linearSchedule(options: { start: number; end: number; steps: number }): Schedule {
  const { start, end, steps } = options;
  return cosineSchedule({ base: end, final: end, total: steps, warmup: steps, start });
}

/** Everything a run schedules, at one iteration, under the names of the reference's log. */
export interface ScheduledValues {
  /** Learning rate. */
  lr: number;
  /** Weight decay. */
  wd: number;
  /** EMA momentum of the teacher. */
  mom: number;
  /** Learning rate of the prototypes. */
  last_layer_lr: number;
  /** Teacher temperature. */
  teacher_temp: number;
}

/** The number of iterations in a run. */
export function totalIterations(config: Config): number {
  return epochsToIterations(config, config.optim.epochs);
}

/** The number of iterations in the learning rate's warm-up. */
export function warmupIterations(config: Config): number {
  return epochsToIterations(config, config.optim.warmup_epochs);
}

/**
 * The schedules of a run: learning rate scaled by the square root of the batch over 1024, weight decay and
 * momentum by a cosine without warm-up, the prototypes frozen at first, the teacher temperature linear.
 */
export function schedulesOf(config: Config): (iteration: number) => ScheduledValues {
  const { optim, teacher } = config;
  const iterations = (epochs: number) => epochsToIterations(config, epochs);
  const total = iterations(optim.epochs);
  const lr = cosineSchedule({
    base: peakLearningRate(config),
    final: optim.min_lr,
    total,
    warmup: warmupIterations(config),
  });
  const wd = cosineSchedule({ base: optim.weight_decay, final: optim.weight_decay_end, total });
  const { momentum_teacher, final_momentum_teacher } = teacher;
  const mom = cosineSchedule({ base: momentum_teacher, final: final_momentum_teacher, total });
  const frozen = iterations(optim.freeze_last_layer_epochs);
  const temperature = linearSchedule({
    start: teacher.warmup_teacher_temp,
    end: teacher.teacher_temp,
    steps: iterations(teacher.warmup_teacher_temp_epochs),
  });
  return (iteration) => ({
    lr: lr(iteration),
    wd: wd(iteration),
    mom: mom(iteration),
    last_layer_lr: iteration < frozen ? 0 : lr(iteration),
    teacher_temp: temperature(iteration),
  });
}

function epochsToIterations(config: Config, epochs: number): number {
  // The sum absorbs the error of fractions such as 0.29 * 100.
  return Math.trunc(epochs * config.train.OFFICIAL_EPOCH_LENGTH + 1e-9);
}

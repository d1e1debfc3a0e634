import type { Config } from "./schema.ts";

/** Images of a step: those of a micro-batch times `train.accumulate`. */
export function effectiveBatch({ train }: Pick<Config, "train">): number {
  return train.batch_size_per_gpu * train.accumulate;
}

/** The learning rate after the warm-up: it grows with the square root of the images in a step. */
export function peakLearningRate({ optim, train }: Pick<Config, "optim" | "train">): number {
  return optim.base_lr * Math.sqrt(effectiveBatch({ train }) / 1024);
}

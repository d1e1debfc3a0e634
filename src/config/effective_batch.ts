import type { Config } from "./schema.ts";

/** Images that a step learns from: those of a pass, times `train.accumulate`. */
export function effectiveBatch({ train }: Pick<Config, "train">): number {
  return train.batch_size_per_gpu * train.accumulate;
}

import type { Config } from "../config/schema.ts";
import { warmupIterations } from "../optim/schedules.ts";
import type { Condition } from "./condition.ts";
import type { MetricsLine } from "./metrics.ts";
import { type LikelyCause, likelyCause } from "./likely_cause.ts";

/** The health of a run. */
export interface RunHealth {
  /** The condition of the run. */
  readonly condition: Condition;
  /** The evidence, to follow a comma. */
  readonly because: string;
  /** The most likely cause, unless it is healthy. */
  readonly cause?: LikelyCause;
}

/** Iterations before which health is not checked: the first steps of a network show little but its initial weights. */
const SETTLING = 50;

/**
 * The least, in nats, that a target must tell of its image. Measured on CIFAR-10 with batches of 64: 1.4 in a fresh
 * network, 1.1 at the least in a run that learns, 0.1 and less in collapsed ones, however they collapsed.
 */
const LEAST_INFORMATION = 0.25;

/** The same where targets are flat: 1 bit, two clusters of images. From there a run slides to uniform in hundreds of steps. */
const LEAST_INFORMATION_OF_FLAT = Math.LN2;

/** Share of the greatest entropy, ln K, above which targets are flat. */
const FLAT = 0.9;

/** Features whose directions agree more than this are one point; collapsed ones are above 0.98. */
const SAME_DIRECTION = 0.95;

/** A guessing student has a cross-entropy of ln K; a fresh one begins up to a third above that. */
const TIMES_GUESSING = 2;

/**
 * Checks the health of a run by its smoothed diagnostics. A collapse shows where all its kinds meet: targets say nothing about their
 * image. None is reported before the learning rate's warm-up is over, because a network of small LayerScale begins like a
 * collapsed one.
 *
 * @param config The run.
 * @param line Its smoothed values.
 */
export function checkHealth(config: Config, line: MetricsLine): RunHealth {
  const { iteration, teacher_entropy, target_kl, target_information, mean_cosine } = line;
  const unhealthy = (condition: Condition, because: string): RunHealth => {
    return { condition, because, cause: likelyCause(config, condition, line) };
  };

  const guessing = Math.log(config.dino.head_n_prototypes);
  const crossEntropy = teacher_entropy + target_kl;
  if (iteration >= SETTLING && crossEntropy > TIMES_GUESSING * guessing) {
    const values = `${crossEntropy.toFixed(1)} nats instead of ${guessing.toFixed(1)}`;
    return unhealthy("diverging", `the student does worse than guessing its targets, ${values}`);
  }

  if (iteration < Math.max(SETTLING, warmupIterations(config))) {
    return {
      condition: "healthy",
      because: "as far as one can tell before the end of the warm-up",
    };
  }
  const flatness = teacher_entropy / guessing;
  const least = flatness > FLAT ? LEAST_INFORMATION_OF_FLAT : LEAST_INFORMATION;
  const isCollapsing = target_information < Math.min(least, enoughInformation(config));
  const clusters = `targets distinguish about ${
    Math.exp(target_information).toFixed(1)
  } clusters of images`;
  if (!isCollapsing) return { condition: "healthy", because: clusters };
  if (mean_cosine > SAME_DIRECTION) {
    const alike = `features have a mean cosine of ${mean_cosine.toFixed(3)}`;
    return unhealthy("collapsing to one point", `${clusters} and ${alike}`);
  }
  return unhealthy(
    flatness > FLAT ? "collapsing to uniform" : "collapsing to one point",
    `${clusters} and have ${Math.round(100 * flatness)} % of the maximum entropy`,
  );
}

/** What is enough in passes of B images, which hold few clusters: half of ln B, so nothing from a batch of one. */
function enoughInformation({ train }: Config): number {
  return Math.log(train.batch_size_per_gpu) / 2;
}

import type { Config } from "../config/schema.ts";
import { globalCropsLoss, localCropsLoss, pairCount } from "../dino/dino_loss.ts";
import { ibotLoss } from "../dino/ibot_loss.ts";
import { koleoLoss } from "../dino/koleo_loss.ts";
import { cat } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Prediction } from "./student_pass.ts";
import type { Targets } from "./teacher_pass.ts";

/** What the losses of a micro-batch depend on. */
export interface LossInputs {
  /** The student's outputs for the micro-batch. */
  readonly prediction: Prediction;
  /** What it is to predict. */
  readonly targets: Targets;
  /** One over the count of masked patches in each patch's crop, `[P]`; null without any. */
  readonly weights: Tensor | null;
  /** Micro-batches in the batch, all of one size. */
  readonly microBatches: number;
  /** Class tokens of the other micro-batches, each `[2B, D]`, outside the graph; none unless a loss needs the whole batch. */
  readonly others: readonly Tensor[];
}

/** A term of what is optimised. */
interface Loss {
  /** What it is logged under, as in the reference. */
  readonly name: string;
  /** Its factor in the sum. */
  readonly weight: (config: Config) => number;
  /**
   * What it is before that: the share of the micro-batch in a mean over the batch or, of a loss that needs the whole batch,
   * its value there. Null where it has nothing to look at.
   */
  readonly compute: (inputs: LossInputs) => Tensor | null;
  /** How the reference logs it: with or without its weight, and how many times too small. */
  readonly logged: { readonly weighted: boolean; readonly divisor: number };
  /** Whether it is computed and logged at weight 0 too. Default: it is left out then. */
  readonly watched?: boolean;
  /** Whether it looks at the class tokens of the whole batch. */
  readonly needsWholeBatch: boolean;
}

const dinoWeight = ({ dino }: Config) => dino.loss_weight;

/** Section 4 of the DINOv2 paper: image level, KoLeo, patch level. A further loss is a further entry. */
const losses: readonly Loss[] = [
  {
    name: "dino_global_crops_loss",
    weight: dinoWeight,
    compute: ({ prediction, targets, microBatches }) => {
      const pairs = pairsOf(prediction);
      return globalCropsLoss(prediction.global, targets.cls)
        .mul(pairs.global / pairs.total / microBatches);
    },
    logged: { weighted: false, divisor: 1 },
    watched: true,
    needsWholeBatch: false,
  },
  {
    name: "dino_local_crops_loss",
    weight: dinoWeight,
    compute: ({ prediction, targets, microBatches }) =>
      prediction.local && localCropsLoss(prediction.local, targets.cls)
        .div(pairsOf(prediction).total * microBatches),
    logged: { weighted: false, divisor: 1 },
    watched: true,
    needsWholeBatch: false,
  },
  {
    name: "koleo_loss", // has a weight of its own, so it runs without the DINO loss too, unlike in the reference
    weight: ({ dino }) => dino.koleo_loss_weight,
    compute: ({ prediction, others }) => {
      const [first, second] = [0, 1].map((crop) =>
        koleoLoss(cat([prediction.features, ...others].map((x) => x.chunk(2)[crop])))
      );
      return first.add(second);
    },
    logged: { weighted: true, divisor: 2 },
    needsWholeBatch: true,
  },
  {
    name: "ibot_loss",
    weight: ({ ibot }) => ibot.loss_weight,
    compute: ({ prediction, targets, weights, microBatches }) => {
      const crops = prediction.global.shape[0] * microBatches; // 2B of the whole batch
      return prediction.patches &&
        ibotLoss(prediction.patches, targets.patches!, { weights: weights!, crops });
    },
    logged: { weighted: false, divisor: 2 },
    needsWholeBatch: false,
  },
];

/** The pairs of crops that the DINO loss is a mean over. */
function pairsOf({ global, local }: Prediction): ReturnType<typeof pairCount> {
  return pairCount(2 * (local?.shape[0] ?? 0) / global.shape[0]);
}

/** Whether a loss of a run looks at the class tokens of the whole batch. */
export function needsWholeBatch(config: Config): boolean {
  return losses.some((loss) => loss.needsWholeBatch && loss.weight(config) > 0);
}

/** The losses of a micro-batch. */
export interface Losses {
  /** As the reference logs them, under its names, outside the graph: over all micro-batches they add up to the batch's. */
  logged: Record<string, Tensor>;
  /** What is optimised: over all micro-batches its gradients add up to the batch's. */
  total: Tensor;
}

/** Computes every loss of a run for a micro-batch. */
export function lossesOf(config: Config, inputs: LossInputs): Losses {
  const logged: Record<string, Tensor> = {};
  const terms: Tensor[] = [];
  for (const { name, weight, compute, logged: as, watched, needsWholeBatch } of losses) {
    const factor = weight(config);
    const loss = factor > 0 || watched ? compute(inputs) : null;
    if (loss === null) continue;
    const term = loss.mul(factor);
    const shares = needsWholeBatch ? inputs.microBatches : 1; // each logs its share
    logged[name] = (as.weighted ? term : loss).detach().div(as.divisor * shares);
    terms.push(term);
  }
  return { logged, total: terms.reduce((sum, term) => sum.add(term)) };
}

/** Adds up the losses of micro-batches, name by name. */
export function sumLosses(
  microBatches: readonly Record<string, Tensor>[],
): Record<string, Tensor> {
  const names = Object.keys(microBatches[0]);
  const sum = (name: string) =>
    microBatches.map((each) => each[name]).reduce((sum, loss) => sum.add(loss));
  return Object.fromEntries(names.map((name) => [name, sum(name)]));
}

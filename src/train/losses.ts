import type { Config } from "../config/schema.ts";
import { globalCropsLoss, localCropsLoss, pairCount } from "../dino/dino_loss.ts";
import { ibotLoss } from "../dino/ibot_loss.ts";
import { koleoLoss } from "../dino/koleo_loss.ts";
import { cat } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Prediction } from "./student_pass.ts";
import type { Targets } from "./teacher_pass.ts";

/** What the losses of a part of a batch depend on. */
export interface LossInputs {
  /** What the student makes of the part. */
  prediction: Prediction;
  /** What it shall predict. */
  targets: Targets;
  /** One over the count of masked patches in each patch's crop, `[P]`; null without any. */
  weights: Tensor | null;
  /** Parts in the batch, all of one size. */
  parts: number;
  /** Class tokens of the other parts, each `[2B, D]`, outside the graph; none without KoLeo. */
  others: readonly Tensor[];
}

/** The losses of a part: over all parts they add up to those of the batch, and so do their gradients. */
export interface Losses {
  /** As the reference logs them, under its names, outside the graph. */
  logged: Record<string, Tensor>;
  /** What is optimised. */
  total: Tensor;
}

/** Section 4 of the DINOv2 paper: image level, KoLeo, patch level. */
export function lossesOf(config: Config, inputs: LossInputs): Losses {
  const { dino, ibot } = config;
  const { prediction, targets, weights, parts, others } = inputs;
  const { features, global, local, patches } = prediction;
  const crops = global.shape[0]; // 2B
  const pairs = pairCount(2 * (local?.shape[0] ?? 0) / crops);

  const logged: Record<string, Tensor> = {
    dino_global_crops_loss: globalCropsLoss(global, targets.cls)
      .mul(pairs.global / pairs.total / parts),
  };
  let total = logged.dino_global_crops_loss.mul(dino.loss_weight);
  if (local !== null) {
    logged.dino_local_crops_loss = localCropsLoss(local, targets.cls).div(pairs.total * parts);
    total = total.add(logged.dino_local_crops_loss.mul(dino.loss_weight));
  }
  if (dino.koleo_loss_weight > 0) {
    const [first, second] = [0, 1].map((crop) =>
      koleoLoss(cat([features, ...others].map((x) => x.chunk(2)[crop])))
    );
    const koleo = first.add(second).mul(dino.koleo_loss_weight);
    logged.koleo_loss = koleo.div(2 * parts); // the reference logs the mean and optimises the sum
    total = total.add(koleo); // of the batch; its gradient is the part's own
  }
  if (patches !== null) {
    const loss = ibotLoss(patches, targets.patches!, { weights: weights!, crops: crops * parts });
    logged.ibot_loss = loss.div(2); // logged at half its weight, like KoLeo
    total = total.add(loss.mul(ibot.loss_weight));
  }
  for (const [name, loss] of Object.entries(logged)) logged[name] = loss.detach();
  return { logged, total };
}

/** Adds up the losses of parts, name by name. */
export function sumLosses(parts: readonly Record<string, Tensor>[]): Record<string, Tensor> {
  const names = Object.keys(parts[0]);
  const sum = (name: string) =>
    parts.map((part) => part[name]).reduce((sum, loss) => sum.add(loss));
  return Object.fromEntries(names.map((name) => [name, sum(name)]));
}

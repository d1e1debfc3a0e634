import { writeSafetensors } from "../../src/checkpoint/safetensors.ts";
import type { DecodedImage } from "../../src/data/image.ts";
import type { ScheduledValues } from "../../src/optim/schedules.ts";
import { scope } from "../../src/tensor/scope.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";
import type { Learner } from "../../src/train/learner.ts";
import { trainStep } from "../../src/train/step.ts";
import { knownBatch } from "./step_batch.ts";

const IMAGES = 2;

/** The type that a step's products are in. */
export type ComputeType = "float32" | "bfloat16";

/** What a step came to, for another program to compare with. */
interface CheckedStep {
  readonly dtype: ComputeType;
  readonly schedule: ScheduledValues;
  readonly losses: Readonly<Record<string, number>>;
}

/**
 * Takes the first steps of a learner: two in float32, then one in the type it is to be measured in. Writes its weights
 * before them to `path`, as `student.NAME`, and the batches, as `STEP.NAME`.
 */
export function checkSteps(
  learner: Learner,
  images: readonly DecodedImage[],
  { path, dtype }: { path: string; dtype: ComputeType },
): CheckedStep[] {
  const { device, config } = learner;
  const types: ComputeType[] = ["float32", "float32", dtype];
  return scope(() => {
    const known = types.map((_, iteration) =>
      knownBatch(images, config, { iteration, count: IMAGES, device })
    );
    writeSafetensors(path, {
      ...prefixed("student", learner.student.stateDict()),
      ...Object.assign({}, ...known.map(({ tensors }, i) => prefixed(String(i), tensors))),
    });
    return known.map(({ batch }, i) => {
      computeIn(learner, types[i]);
      const { losses, schedule } = trainStep(learner, batch, i);
      const values = Object.entries(losses).map(([name, loss]) => [name, loss.item()]);
      return { dtype: types[i], schedule, losses: Object.fromEntries(values) };
    });
  });
}

/** A learner's type is fixed for a run; a bench has one learner take steps in both. */
function computeIn(learner: Learner, dtype: ComputeType): void {
  Object.assign(learner, { precision: { ...learner.precision, dtype } });
}

function prefixed(prefix: string, tensors: Record<string, Tensor>): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, value]) => [`${prefix}.${name}`, value]),
  );
}

import { listed } from "../files/quoted.ts";
import { noGrad } from "../autograd/mode.ts";
import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { fromMetadata, toMetadata } from "./metadata.ts";
import { checkpointPath, retainNewest } from "./retain.ts";
import { SafetensorsFile, writeSafetensors } from "./safetensors.ts";
import type { TensorFacts } from "./tensor_facts.ts";

/** The state of a training run at a moment, with everything needed to resume exactly there. */
interface Checkpoint {
  /** The last finished iteration, counted from 0; training resumes with the next. */
  readonly iteration: number;
  /** Every tensor of the run by a name of its own: `student.backbone.cls_token`, `dino_loss.center`, … */
  readonly tensors: Record<string, Tensor>;
  /** The rest: what `JSON` can carry. */
  readonly state: Record<string, unknown>;
}

/**
 * Saves a checkpoint as `model_{iteration}.safetensors` and removes the oldest ones. The file appears whole or not at
 * all; it can be opened with any reader of safetensors, and `state` lies in its metadata, each entry as JSON.
 *
 * @param folder The run folder, made where it is missing.
 * @param checkpoint What to save.
 * @param options How many checkpoints to keep. Default: 3.
 * @returns The file.
 * @throws {Error} When it could not be written; earlier checkpoints are as they were then.
 */
export function saveCheckpoint(
  folder: string,
  checkpoint: Checkpoint,
  options: { maxToKeep?: number } = {},
): string {
  const { iteration, tensors, state } = checkpoint;
  const path = checkpointPath(folder, iteration);
  writeSafetensors(path, tensors, toMetadata({ ...state, iteration }));
  retainNewest(folder, { iteration, maxToKeep: options.maxToKeep ?? 3 });
  return path;
}

/**
 * Copies a checkpoint's values into the tensors of a run that was built alike, one at a time.
 *
 * @param path The file.
 * @param tensors The tensors to fill, named as when they were saved.
 * @returns The iteration and state that were saved with them.
 * @throws {Error} When the file cannot be read or is damaged, or is of a run built otherwise: a tensor is missing,
 * unexpected, or of another shape or type. Nothing is copied then.
 */
export function restoreCheckpoint(
  path: string,
  tensors: Record<string, Tensor>,
): Omit<Checkpoint, "tensors"> {
  using file = new SafetensorsFile(path);
  file.verify();
  const faults = differences(file.entries, tensors);
  if (faults.length > 0) {
    throw new Error(
      `Cannot resume from "${path}", which belongs to a run with other settings: ${
        faults.join("; ")
      }`,
    );
  }
  const { iteration, ...state } = fromMetadata(file.metadata);
  if (!Number.isSafeInteger(iteration)) {
    throw new Error(`Cannot resume from "${path}": it does not state its iteration`);
  }
  noGrad(() => {
    for (const [name, tensor] of Object.entries(tensors)) {
      scope(() => tensor.copy_(file.read(name)));
    }
  });
  return { iteration: iteration as number, state };
}

/** What keeps the saved tensors from filling the given ones, kind by kind. */
function differences(
  saved: ReadonlyMap<string, TensorFacts>,
  own: Record<string, Tensor>,
): string[] {
  const missing = Object.keys(own).filter((name) => !saved.has(name));
  const leftOver = [...saved.keys()].filter((name) => !Object.hasOwn(own, name));
  const others = Object.entries(own).flatMap(([name, tensor]) => {
    const found = saved.get(name);
    if (found === undefined || describe(found) === describe(tensor)) return [];
    return `${name} is ${describe(found)} there and ${describe(tensor)} here`;
  });
  const kinds = { "missing tensors: ": missing, "unexpected tensors: ": leftOver, "": others };
  return Object.entries(kinds)
    .flatMap(([kind, faults]) => faults.length === 0 ? [] : kind + listed(faults, 4));
}

function describe({ dtype, shape }: Pick<TensorFacts, "dtype" | "shape">): string {
  return `${dtype} [${shape.join(", ")}]`;
}

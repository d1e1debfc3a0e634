import { noGradScope } from "../autograd/mode.ts";
import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { FrozenBackbone } from "./embedding.ts";

/** Values that are looked at at a time, which takes twice their memory: of a million features, gigabytes. */
const BLOCK = 2 ** 24;

/** Whether no value is NaN or infinite. Waits for the device. */
export function allFinite(values: Tensor): boolean {
  return noGradScope(() => {
    const all = values.reshape([-1]);
    for (let start = 0; start < all.numel; start += BLOCK) {
      const some = all.narrow(0, start, Math.min(BLOCK, all.numel - start));
      if (!scope(() => some.isfinite().all().item())) return false;
    }
    return true;
  });
}

/**
 * Checks that features are finite where they are made: what is NaN ranks first in every search and wins every vote.
 *
 * @param features `[B, …]`.
 * @param backbone What made them, if a network did.
 * @param nameOf What an image of the batch is called, if it has a name.
 * @throws {RangeError} If they are not; it names the first tensor of the weights that holds such values, or the image.
 */
export function checkFiniteFeatures(
  features: Tensor,
  backbone?: FrozenBackbone,
  nameOf: (place: number) => string = () => "an image",
): void {
  if (allFinite(features)) return;
  const weights = backbone?.path ?? "the network";
  const broken = Object.entries(backbone?.model.stateDict() ?? {})
    .find(([, values]) => !allFinite(values));
  if (broken !== undefined) {
    const [name] = broken;
    const known = backbone?.namesInFile?.get(name)?.join(" or ");
    throw new RangeError(
      `Cannot compute features with ${weights}: its tensor ${
        known || name
      } holds NaN or infinity. ` +
        "Use an earlier checkpoint, or another copy of the file",
    );
  }
  const place = Array.from(features.unbind(0)).findIndex((values) => !allFinite(values));
  const cause = backbone === undefined
    ? "they are not finite"
    : `they exceed the range of ${features.dtype}, although all weights are finite`;
  throw new RangeError(
    `Cannot use the features of ${nameOf(place)} from ${weights}: ${cause}`,
  );
}

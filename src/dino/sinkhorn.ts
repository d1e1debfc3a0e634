import { softmax } from "../nn/functional.ts";
import { full } from "../tensor/create.ts";
import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type LogitParts, maxOverParts, sumOverParts, type TargetMaker } from "./target_maker.ts";

const ROUNDS = 3;

/** Logits over temperature whose `exp` a batch can sum up in float32: theirs are computed to the bit as in the reference. */
const ORDINARY = 60;

/**
 * Targets whose prototypes are used evenly over the batch, by three rounds of Sinkhorn-Knopp
 * ([Caron et al.](https://arxiv.org/abs/2006.09882)), in float32.
 *
 * A round divides each prototype by its sum over the batch, then each sample by its sum over the prototypes. The second is
 * a softmax, so all that a round leaves behind is a factor for each prototype; here its logarithm is kept, an offset of the
 * logits. The first round exponentiates as the reference does, without subtracting a maximum, unless a prototype's greatest
 * value is beyond {@linkcode ORDINARY}: at low temperatures `exp` would overflow, or be 0 for all samples.
 */
export const sinkhornKnopp: TargetMaker = {
  fit(parts: LogitParts, temperature: number): (logits: Tensor) => Tensor {
    const wide = (logits: Tensor) => logits.to({ dtype: "float32" }).div(temperature);
    const greatest = maxOverParts(parts, (logits) => greatestOf(wide(logits))); // [K]
    const shift = greatest.mul(greatest.abs().gt(ORDINARY)); // 0 for ordinary values, and x - 0 is x
    let offset = sumOverParts(parts, (logits) => wide(logits).sub(shift).exp().sum(0))
      .log().add(shift).neg(); // [K]
    const targets = (logits: Tensor) => scope(() => softmax(wide(logits).add(offset), -1));
    for (let round = 1; round < ROUNDS; round++) {
      const used = sumOverParts(parts, (logits) => targets(logits).sum(0)); // [K]
      offset = offset.sub(used.log());
    }
    return targets;
  },
};

/** The greatest value of each prototype, minus infinity of no samples. `[n, K]` to `[K]`. */
function greatestOf(values: Tensor): Tensor {
  const [rows, prototypes] = values.shape;
  return rows > 0 ? values.amax(0) : full([prototypes], -Infinity, { device: values.device });
}

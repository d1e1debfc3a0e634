import { softmax } from "../nn/functional.ts";
import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type LogitParts, sumOverParts, type TargetMaker } from "./target_maker.ts";

const ROUNDS = 3;

/**
 * Targets whose prototypes are used evenly over the batch, by three rounds of Sinkhorn-Knopp
 * ([Caron et al.](https://arxiv.org/abs/2006.09882)), in float32.
 *
 * A round divides each prototype by its sum over the batch, then each sample by its sum over the prototypes. The second is
 * a softmax, so all that a round leaves behind is a factor for each prototype; here its logarithm is kept, an offset of the
 * logits. Like the reference the first round exponentiates without subtracting a maximum: prototypes of unit length keep
 * logits below 1.
 */
export const sinkhornKnopp: TargetMaker = {
  fit(parts: LogitParts, temperature: number): (logits: Tensor) => Tensor {
    const wide = (logits: Tensor) => logits.to({ dtype: "float32" }).div(temperature);
    let offset = sumOverParts(parts, (logits) => wide(logits).exp().sum(0)).log().neg(); // [K]
    const targets = (logits: Tensor) => scope(() => softmax(wide(logits).add(offset), -1));
    for (let round = 1; round < ROUNDS; round++) {
      const used = sumOverParts(parts, (logits) => targets(logits).sum(0)); // [K]
      offset = offset.sub(used.log());
    }
    return targets;
  },
};

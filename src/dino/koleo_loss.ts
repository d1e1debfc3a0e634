import { noGrad } from "../autograd/mode.ts";
import { normalize } from "../nn/functional.ts";
import { eye } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";

const EPS = 1e-8;

/**
 * The Kozachenko-Leonenko regulariser: spreads features by the distance of each to its nearest neighbour
 * ([Sablayrolles et al.](https://arxiv.org/abs/1806.03198)). Computed in float32: in half precision equal features
 * give infinity.
 *
 * @param features Class tokens of one global crop of each image, `[B, D]`, before the head.
 * @throws {RangeError} When B is 1: nothing has a neighbour.
 */
export function koleoLoss(features: Tensor): Tensor {
  const batch = features.shape[0];
  if (batch < 2) {
    throw new RangeError(
      "Cannot compute the KoLeo loss of a batch of 1: it needs a neighbour. " +
        "Set train.batch_size_per_gpu to 2 or more, or dino.koleo_loss_weight to 0",
    );
  }
  const wide = features.dtype === "float64" ? features : features.to({ dtype: "float32" });
  const x = normalize(wide, { eps: EPS });
  const nearest = noGrad(() => {
    const self = eye(batch, { device: x.device, dtype: "bool" });
    return x.matmul(x.t()).maskedFill(self, -1).argmax(1); // [B]
  });
  const distance = x.sub(x.indexSelect(0, nearest)).add(EPS).norm({ dim: -1 });
  return distance.add(EPS).log().mean().neg();
}

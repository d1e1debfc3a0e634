import { IGNORED } from "../../data/target.ts";
import { upsampleBilinear2d } from "../../nn/functional.ts";
import { scope } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/**
 * The cross-entropy of segmentation: logits are enlarged to the labels' size; ignored pixels cost nothing, but the mean
 * is over **all** pixels, as in the reference, so that a view of much padding weighs little.
 *
 * Source: `mmseg/models/losses/cross_entropy_loss.py` with `avg_non_ignore=False`.
 *
 * @param logits `[B, classes, rows, columns]`.
 * @param labels `[B, H, W]`, uint8; 255 is ignored.
 * @returns A scalar.
 */
export function segmentationLoss(logits: Tensor, labels: Tensor): Tensor {
  return scope(() => {
    const [, height, width] = labels.shape;
    const logProbabilities = upsampleBilinear2d(logits, [height, width]).logSoftmax(1);
    const ignored = labels.eq(IGNORED); // [B, H, W]
    const classes = labels.to({ dtype: "int64" }).maskedFill(ignored, 0).unsqueeze(1);
    const own = logProbabilities.gather(1, classes).squeeze(1); // [B, H, W]
    return own.maskedFill(ignored, 0).mean().neg();
  });
}

/**
 * Computes the loss and its gradients, one image at a time from the logits on: enlarged, they take many times the
 * memory of everything else (150 classes of 512 x 512 pixels: 157 MB an image, several times over).
 *
 * @param logits `[B, classes, rows, columns]`, part of a graph. Gradients go on to what they were computed from.
 * @param labels `[B, H, W]`, uint8; 255 is ignored.
 * @returns The loss of the batch, a scalar without gradients; see {@linkcode segmentationLoss}.
 */
export function backwardSegmentationLoss(logits: Tensor, labels: Tensor): Tensor {
  return scope(() => {
    const [batch] = logits.shape;
    const cut = logits.detach();
    cut.requiresGrad = true;
    const losses = Array.from({ length: batch }, (_, i) =>
      scope(() => {
        const loss = segmentationLoss(cut.narrow(0, i, 1), labels.narrow(0, i, 1)).div(batch);
        loss.backward();
        return loss.detach();
      }));
    logits.backward({ gradient: cut.grad! });
    return losses.reduce((sum, loss) => sum.add(loss));
  });
}

import { noGradScope } from "../autograd/mode.ts";
import { linear } from "../nn/functional.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type LabelledFeatures, labelTensor } from "../features/labelled_features.ts";
import { TopCounter, type TopCounts } from "./top_counts.ts";

/** A linear classifier, in the layout of the reference's released heads. */
export interface LinearClassifier {
  /** `[C, D]`. */
  readonly weight: Tensor;
  /** `[C]`. */
  readonly bias: Tensor;
}

/** How many images a classifier puts into their own class. */
export function countCorrect(
  { weight, bias }: LinearClassifier,
  { features, labels }: LabelledFeatures,
): TopCounts {
  return noGradScope(() => {
    const scores = linear(features.to({ dtype: weight.dtype }), weight, bias); // [n, C]
    const counter = new TopCounter(1, weight.shape[0], weight.device);
    counter.add(scores.unsqueeze(1), labelTensor(labels, weight.device));
    return counter.read()[0];
  });
}

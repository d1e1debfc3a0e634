import type { Tensor } from "../tensor/tensor.ts";

const ITERATIONS = 3;

/**
 * Targets whose prototypes are used evenly over the batch, by three rounds of Sinkhorn-Knopp
 * ([Caron et al.](https://arxiv.org/abs/2006.09882)), in float32. Like the reference it exponentiates without
 * subtracting a maximum: prototypes of unit length keep logits below 1.
 *
 * @param logits The teacher's, `[n, K]`.
 * @param temperature The teacher's temperature.
 * @returns Probabilities `[n, K]`; each row sums to 1.
 */
export function sinkhornKnopp(logits: Tensor, temperature: number): Tensor {
  const [samples, prototypes] = logits.shape;
  let q = logits.to({ dtype: "float32" }).div(temperature).exp().t(); // [K, n]
  q = q.div(q.sum());
  for (let i = 0; i < ITERATIONS; i++) {
    q = q.div(q.sum(1, { keepdim: true })).div(prototypes);
    q = q.div(q.sum(0, { keepdim: true })).div(samples);
  }
  return q.mul(samples).t();
}

/**
 * Differentiation: gradients by `backward()` or `grad`, with or without a graph, in mixed precision.
 *
 * @example A gradient
 * ```ts
 * import { grad } from "@deino/deino/autograd";
 * import { scope, tensor } from "@deino/deino/tensor";
 *
 * scope(() => {
 *   const x = tensor([1, 2, 3]);
 *   x.requiresGrad = true;
 *   const [dx] = grad([x.pow(2).sum()], [x]);
 *   console.log(dx!.toList()); // [2, 4, 6]
 * });
 * ```
 *
 * @module
 */
export { grad, type GradOptions } from "./grad.ts";
export { enableGrad, isGradEnabled, noGrad, noGradScope } from "./mode.ts";
export { autocast, type AutocastOptions } from "./autocast.ts";

import { keep } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";

/**
 * Makes a tensor a parameter: it outlives the scope it was made in and collects gradients.
 *
 * @param value A leaf tensor, owned from now on by the module that stores it in a field.
 * @returns The same tensor.
 */
export function parameter(value: Tensor): Tensor {
  value.requiresGrad = true;
  return keep(value);
}

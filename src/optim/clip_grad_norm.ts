import * as ops from "../ffi/ops.gen.ts";
import { stack, zeros } from "../tensor/create.ts";
import { scope } from "../tensor/scope.ts";
import { Tensor } from "../tensor/tensor.ts";
import { withGradients } from "./packed.ts";

/**
 * Clips the gradients of packed parameters to a total norm of `maxNorm`, by the reference's
 * coefficient `min(1, maxNorm / (norm + 1e-6))`. The device is not waited for: the coefficient stays on it.
 *
 * @param parameters Packed parameters of one submodule: the reference clips each on its own.
 * @param maxNorm Greatest Euclidean norm; 0 leaves the gradients alone.
 * @returns Their norm before, without dimensions.
 */
export function clipGradNorm(parameters: BigUint64Array<ArrayBuffer>, maxNorm: number): Tensor {
  return scope(() => {
    const norm = withGradients(parameters, (gradients) => {
      const norms = ops._foreachNormScalar(gradients).map(Tensor.wrap);
      const total = stack(norms).norm();
      if (maxNorm > 0) {
        const coefficient = total.add(1e-6).reciprocal().mul(maxNorm).clamp({ max: 1 });
        ops._foreachMul_Tensor(gradients, coefficient.handle);
      }
      return total;
    });
    return norm ?? zeros([]);
  });
}

import * as ops from "../ffi/ops.gen.ts";
import { Tensor } from "./tensor.ts";

/**
 * Eigenvalues and eigenvectors of a symmetric matrix, as `torch.linalg.eigh` gives them.
 *
 * @param symmetric `[D, D]`; of it only the lower triangle is read.
 * @returns The eigenvalues, ascending, `[D]`, and as columns of length 1 the eigenvectors, `[D, D]`.
 */
export function eigh(symmetric: Tensor): { eigenvalues: Tensor; eigenvectors: Tensor } {
  const [eigenvalues, eigenvectors] = ops.linalgEigh(symmetric.handle).map(Tensor.wrap);
  return { eigenvalues, eigenvectors };
}

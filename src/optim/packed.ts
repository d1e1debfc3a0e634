import { succeeded } from "../ffi/errors.ts";
import { native } from "../ffi/library.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** The handles of tensors, packed once for operators over many tensors. The tensors must outlive it. */
export function packHandles(tensors: readonly Tensor[]): BigUint64Array<ArrayBuffer> {
  return BigUint64Array.from(tensors, (item) => item.handle);
}

/** Forgets the gradients of packed parameters. */
export function zeroGrad(parameters: BigUint64Array<ArrayBuffer>): void {
  succeeded(native.deino_clear_grads(parameters, parameters.length), "zeroGrad");
}

/**
 * Runs `body` with the gradients of packed parameters, and with the places of the parameters that have one.
 *
 * @returns What `body` returns, or `undefined` when no parameter has a gradient.
 */
export function withGradients<T>(
  parameters: BigUint64Array<ArrayBuffer>,
  body: (gradients: BigUint64Array<ArrayBuffer>, has: (_: unknown, i: number) => boolean) => T,
): T | undefined {
  const all = new BigUint64Array(parameters.length);
  succeeded(native.deino_gather_grads(parameters, parameters.length, all), "the gradients");
  const has = (_: unknown, i: number) => all[i] !== 0n;
  const gradients = all.filter(has);
  try {
    return gradients.length > 0 ? body(gradients, has) : undefined;
  } finally {
    native.deino_free_many(gradients, gradients.length);
  }
}

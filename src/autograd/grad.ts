import { producedMany } from "../ffi/errors.ts";
import { NONE } from "../ffi/handle.ts";
import { native } from "../ffi/library.ts";
import { handles, results } from "../ffi/marshal.ts";
import { Tensor } from "../tensor/tensor.ts";

/** Options of {@linkcode grad}. */
export interface GradOptions {
  /** What to multiply each output's gradient with; needed for outputs of several elements. */
  gradOutputs?: readonly Tensor[];
  /** Keep the graph for another pass. Default: false. */
  retainGraph?: boolean;
  /** Make the gradients differentiable themselves. Default: false. */
  createGraph?: boolean;
}

/**
 * The gradients of the sum of `outputs` with respect to each of `inputs`, without touching their `grad`;
 * `null` for an input the outputs do not depend on.
 */
export function grad(
  outputs: readonly Tensor[],
  inputs: readonly Tensor[],
  options: GradOptions = {},
): (Tensor | null)[] {
  const { gradOutputs = [], retainGraph = false, createGraph = false } = options;
  const pack = (list: number, tensors: readonly Tensor[]) =>
    handles(list, tensors.map((item) => item.handle));
  const count = native.deino_grads(
    pack(0, outputs),
    outputs.length,
    pack(1, inputs),
    inputs.length,
    pack(2, gradOutputs),
    gradOutputs.length,
    retainGraph || createGraph,
    createGraph,
    results,
    results.length,
  );
  return producedMany(count, "grad").map((handle) => handle === NONE ? null : Tensor.wrap(handle));
}

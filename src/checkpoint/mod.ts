/**
 * Files of tensors: safetensors, PyTorch's `.pth` and NumPy's `.npy`. Nothing in them is executed.
 *
 * @example Tensors into a file and out of it
 * ```ts
 * import { readSafetensors, writeSafetensors } from "@deino/deino/checkpoint";
 * import { arange, scope } from "@deino/deino/tensor";
 *
 * const path = await Deno.makeTempFile({ suffix: ".safetensors" });
 * scope(() => {
 *   writeSafetensors(path, { weight: arange(6).reshape([2, 3]) });
 *   console.log(readSafetensors(path).tensors.weight.shape); // [2, 3]
 * });
 * ```
 *
 * @module
 */
export { readSafetensors, type SafetensorsContent, writeSafetensors } from "./safetensors.ts";
export { openTensorFile } from "./open_tensor_file.ts";
export { type TensorFacts } from "./tensor_facts.ts";
export { type TensorFile } from "./tensor_file.ts";
export { writeTorch } from "./torch/write_torch.ts";
export { writeNpy } from "./npy.ts";

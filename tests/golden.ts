import { readSafetensors } from "../src/checkpoint/safetensors.ts";
import type { Tensor } from "../src/tensor/tensor.ts";

/** The tensors of `tests/golden/NAME.safetensors`. */
export function loadGolden(name: string): Record<string, Tensor> {
  return readSafetensors(new URL(`golden/${name}.safetensors`, import.meta.url).pathname).tensors;
}

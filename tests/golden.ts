import { fromFileUrl } from "@std/path";
import { readSafetensors } from "../src/checkpoint/safetensors.ts";
import type { Tensor } from "../src/tensor/tensor.ts";

/** The tensors of `tests/golden/NAME.safetensors`. */
export function loadGolden(name: string): Record<string, Tensor> {
  return readSafetensors(fromFileUrl(new URL(`golden/${name}.safetensors`, import.meta.url)))
    .tensors;
}

import type { Tensor } from "../../tensor/tensor.ts";
import type { TensorFacts } from "../../checkpoint/tensor_facts.ts";

/** How one tensor of a backbone comes out of a file. */
export interface Origin {
  /** What it is made of, as the file knows it; nothing where the library has no such tensor. */
  readonly from: readonly TensorFacts[];
  /** The length of each of its dimensions. */
  readonly shape: readonly number[];
  /** Makes it, of the tensors of `from` in their order. */
  make(parts: readonly Tensor[]): Tensor;
}

/** What a file holds, by its names without wrappers. */
export type NamedFacts = ReadonlyMap<string, TensorFacts>;

/** The names and shapes under which a library keeps a backbone's tensors. */
export interface KeyMapping {
  /** Whose it is: "reference", "Hugging Face", "timm". */
  readonly owner: string;
  /**
   * Where a backbone's tensors are in a file, by the reference's names. Tensors that are no part of a backbone may be
   * among them.
   */
  origins(facts: NamedFacts): Map<string, Origin>;
  /** A backbone's tensors, given by the reference's names, as this library names them. Views where possible. */
  toExternal(state: Record<string, Tensor>): Record<string, Tensor>;
}

/** The origin of a tensor that the file has as it is. */
export function asItIs(facts: TensorFacts): Origin {
  return { from: [facts], shape: facts.shape, make: ([tensor]) => tensor };
}

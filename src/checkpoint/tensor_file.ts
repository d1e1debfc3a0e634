import type { Device } from "../tensor/device.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { TensorFacts } from "./tensor_facts.ts";

/**
 * An open file of named tensors. Its header is validated when it is opened, its tensors are read when asked for, so
 * that no more than one of them is in memory twice.
 */
export interface TensorFile extends Disposable {
  /** The file's path. */
  readonly path: string;
  /** Its size in bytes. */
  readonly size: number;
  /** What it holds, by name. */
  readonly entries: ReadonlyMap<string, TensorFacts>;
  /** Classes of Python objects beside the tensors that are skipped because they are unknown. */
  readonly skipped?: readonly string[];
  /** What it says about itself: `iteration`, `config`, … */
  readonly state: Readonly<Record<string, unknown>>;
  /**
   * Reads one tensor.
   *
   * @param name Its name.
   * @param options Where to put it. Default: the CPU.
   * @throws {Error} When the file has no such tensor or cannot be read.
   */
  read(name: string, options?: { device?: Device }): Tensor;
}

import type { CheckedBytes } from "../../files/zip/content.ts";
import type { PickleValue } from "./values.ts";

/** A file of `torch.save`, opened: what it says, and where its elements lie. */
export interface TorchLayout {
  /** The saved object. */
  readonly value: PickleValue;
  /** The full names of classes in it that nothing is known of. */
  readonly foreign: ReadonlySet<string>;
  /** The storages by key. */
  readonly storages: ReadonlyMap<string, CheckedBytes>;
}

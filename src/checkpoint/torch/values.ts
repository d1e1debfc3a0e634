import type { CheckedBytes } from "../../files/zip/content.ts";
import type { DType } from "../../tensor/dtype.ts";

/** What a pickle may build here: plain values, containers, and tensors by reference. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleValue[]
  | Map<PickleValue, PickleValue>
  | Global
  | Storage
  | SavedTensor
  | Opaque;

/** A Python object that pickles name. It is known by what it builds here; nothing of Python's is run. */
export class Global {
  /**
   * @param name Its full name: `collections.OrderedDict`.
   * @param build What calling it builds, if it can be called.
   * @param dtype The element type it stands for, if it is a type or a storage of one.
   * @param isForeign Whether it is a class that nothing is known of.
   */
  constructor(
    readonly name: string,
    readonly build?: (args: readonly PickleValue[]) => PickleValue,
    readonly dtype?: DType,
    readonly isForeign = false,
  ) {}
}

/** Some Python object beside the tensors. Nothing of it is kept but its class. */
export class Opaque {
  /** @param name The full name of its class: `argparse.Namespace`. */
  constructor(readonly name: string) {}
}

/** A block of elements in the file, which tensors look into. */
export class Storage {
  /**
   * @param key Its name in the file.
   * @param dtype The type of its elements; null where each tensor says so, and `length` counts bytes.
   * @param length Its number of elements.
   */
  constructor(readonly key: string, readonly dtype: DType | null, readonly length: number) {}
}

/** A view of a storage. */
export class SavedTensor {
  /**
   * @param storage Where its elements lie.
   * @param dtype Their type.
   * @param offset The first element.
   * @param shape The length of each dimension.
   * @param strides The distance in elements between neighbours along each dimension.
   */
  constructor(
    readonly storage: Storage,
    readonly dtype: DType,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {}
}

/** A file of `torch.save`, opened: what it says, and where its elements lie. */
export interface TorchLayout {
  /** The saved object. */
  readonly value: PickleValue;
  /** The full names of classes in it that nothing is known of. */
  readonly foreign: ReadonlySet<string>;
  /** The storages by key. */
  readonly storages: ReadonlyMap<string, CheckedBytes>;
}

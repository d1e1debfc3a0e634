import type { PickleValue } from "./values.ts";

/** A file of `torch.save`, opened: what it says, and where its elements lie. */
export interface TorchLayout {
  /** The saved object. */
  readonly value: PickleValue;
  /** The storages by key. */
  readonly storages: ReadonlyMap<string, StoredBytes>;
}

/** Where a storage's bytes lie in the file. */
export interface StoredBytes {
  /** The first byte. */
  readonly begin: number;
  /** The number of bytes. */
  readonly size: number;
  /** The checksum of the bytes; 0 where none was taken. */
  readonly crc: number;
}

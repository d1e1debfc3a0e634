import { bytesPerElement } from "../../tensor/dtype.ts";
import { quoted } from "../../files/quoted.ts";
import type { InputFile } from "../../files/input_file.ts";
import type { CheckedBytes } from "../../files/zip/content.ts";
import { ByteCursor } from "./byte_cursor.ts";
import { unpickle } from "./unpickle.ts";
import type { Storage, TorchLayout } from "./values.ts";

const MAGIC = 0x1950a86a20f9469cfc6cn;
const PROTOCOL = 1001;

/**
 * Opens a file as PyTorch wrote it before 1.6: pickles of a magic number, a version, facts about the machine, the saved
 * object and the keys of its storages, then each storage's length and elements.
 *
 * @throws {Error} When it is not that; the message completes "Cannot read …: ".
 */
export function openLegacy(file: InputFile): TorchLayout {
  const cursor = new ByteCursor(file, 0, file.size);
  if (unpickle(cursor).value !== MAGIC || unpickle(cursor).value !== PROTOCOL) {
    throw new Error("it is a pickle that torch.save did not write");
  }
  const { value: machine } = unpickle(cursor);
  if (machine instanceof Map && machine.get("little_endian") === false) {
    throw new Error("it was written on a big-endian machine");
  }
  const { value, storages, foreign } = unpickle(cursor);
  const { value: keys } = unpickle(cursor);
  if (!Array.isArray(keys)) throw new Error("its list of storages is damaged");
  const known = new Map(storages.map((storage) => [storage.key, storage]));
  const stored = new Map(keys.map((key) => {
    const storage = typeof key === "string" ? known.get(key) : undefined;
    if (storage === undefined) throw new Error("its list of storages is damaged");
    return [storage.key, skipStorage(cursor, storage)];
  }));
  if (cursor.position !== file.size) {
    throw new Error("it is too long: there is more after its tensors");
  }
  return { value, storages: stored, foreign };
}

/** Where a storage's elements lie; the cursor stands behind them afterwards. */
function skipStorage(cursor: ByteCursor, { key, dtype, length }: Storage): CheckedBytes {
  const found = cursor.unsigned(8);
  if (found !== length) {
    throw new Error(
      `its storage ${quoted(key)} has ${found} elements where its index has ${length}`,
    );
  }
  const size = length * (dtype === null ? 1 : bytesPerElement(dtype));
  const begin = cursor.position;
  cursor.skip(size);
  return { begin, size, crc: 0 };
}

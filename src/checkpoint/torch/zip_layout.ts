import { quoted } from "../../files/quoted.ts";
import type { InputFile } from "../../files/input_file.ts";
import {
  checkBytes,
  type CheckedBytes,
  contentBegin,
  readZipContent,
} from "../../files/zip/content.ts";
import { readZipDirectory } from "../../files/zip/directory.ts";
import { METHOD, type ZipEntry } from "../../files/zip/format.ts";
import { ByteCursor } from "./byte_cursor.ts";
import type { TorchLayout } from "./values.ts";
import { unpickle } from "./unpickle.ts";

/**
 * Opens a file as PyTorch 1.6 and later write it: a zip archive with `NAME/data.pkl`, the saved object, and
 * `NAME/data/KEY`, the storages.
 *
 * @throws {Error} When it is not that; the message completes "Cannot read …: ".
 */
export function openZip(file: InputFile): TorchLayout {
  const entries = readZipDirectory(file);
  const [index, ...others] = [...entries.keys()].filter((name) => /^[^/]+\/data\.pkl$/.test(name));
  if (index === undefined || others.length > 0) {
    throw new Error("it is a zip archive that torch.save did not write");
  }
  const folder = index.slice(0, -"data.pkl".length);
  if (entries.has(`${folder}constants.pkl`)) {
    throw new Error("it is a TorchScript program, not weights: save its state_dict()");
  }
  const saved = storedBytes(file, entries.get(index)!);
  const order = entries.get(`${folder}byteorder`);
  if (order !== undefined && new TextDecoder().decode(readZipContent(file, order)) === "big") {
    throw new Error("it was written on a big-endian machine");
  }
  checkBytes(file, saved);
  const { value, foreign } = unpickle(new ByteCursor(file, saved.begin, saved.begin + saved.size));
  const storages = new Map(
    [...entries].filter(([name]) => name.startsWith(`${folder}data/`))
      .map(([name, entry]) => [
        name.slice(folder.length + "data/".length),
        storedBytes(file, entry),
      ]),
  );
  return { value, storages, foreign };
}

/** Where the bytes of a file in the archive lie: as they are, for PyTorch maps them. */
function storedBytes(file: InputFile, entry: ZipEntry): CheckedBytes {
  const { name, method, isEncrypted, size, crc } = entry;
  if (method !== METHOD.stored || isEncrypted) {
    throw new Error(
      `its file ${quoted(name)} is compressed or encrypted, which torch.save never does`,
    );
  }
  return { begin: contentBegin(file, entry), size, crc };
}

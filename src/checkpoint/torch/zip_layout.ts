import { crc32 } from "node:zlib";
import type { InputFile } from "../input_file.ts";
import { ByteCursor } from "./byte_cursor.ts";
import type { StoredBytes, TorchLayout } from "./layout.ts";
import { unpickle } from "./unpickle.ts";
import { readZipDirectory } from "./zip_directory.ts";

const CHUNK = 2 ** 20;

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
  const { begin, size } = entries.get(index)!;
  const order = entries.get(`${folder}byteorder`);
  if (order !== undefined && new ByteCursor(file, order.begin, file.size).text(1) !== "l") {
    throw new Error("it was written on a big-endian machine");
  }
  checkBytes(file, entries.get(index)!);
  const { value } = unpickle(new ByteCursor(file, begin, begin + size));
  const storages = new Map(
    [...entries].filter(([name]) => name.startsWith(`${folder}data/`))
      .map(([name, entry]) => [name.slice(folder.length + "data/".length), entry]),
  );
  return { value, storages };
}

/**
 * Checks bytes by their checksum.
 *
 * @throws {Error} When they changed since it was taken; the message completes "Cannot read …: ".
 */
export function checkBytes(file: InputFile, { begin, size, crc }: StoredBytes): void {
  if (crc === 0) return;
  let found = 0;
  for (let done = 0; done < size; done += CHUNK) {
    found = crc32(file.bytes(begin + done, Math.min(CHUNK, size - done)), found);
  }
  if (found !== crc) throw new Error("it is damaged: a checksum in it does not match its bytes");
}

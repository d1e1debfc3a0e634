import { NumberCollector, type NumberColumn } from "../number_column.ts";
import type { ZipEntry } from "./format.ts";

/** What is told of a file by numbers. */
const COLUMNS = [
  "header",
  "method",
  "isEncrypted",
  "isLink",
  "packedSize",
  "size",
  "crc",
] as const;

/** Files of an archive in columns: of a million, an object for each would show. */
export class ZipFiles {
  /** Their paths in the archive behind a prefix, in the order of its directory. */
  readonly names: string[];
  /** For each the byte that its bytes end before, once that is known. */
  limit: NumberColumn = new Uint8Array(0);
  readonly #prefix: string;
  #length = 0;
  readonly #columns = {
    header: new NumberCollector(),
    method: new NumberCollector(),
    isEncrypted: new NumberCollector(),
    isLink: new NumberCollector(),
    packedSize: new NumberCollector(),
    size: new NumberCollector(),
    crc: new NumberCollector(),
  };

  /** Makes room for a number of files, whose names get a prefix: of a million, names without and with it would show. */
  constructor(count: number, prefix: string) {
    this.names = new Array(count);
    this.#prefix = prefix;
  }

  /** Adds the next one. */
  add(entry: Omit<ZipEntry, "limit">): void {
    this.names[this.#length++] = [this.#prefix, entry.name].join("");
    for (const name of COLUMNS) this.#columns[name].push(Number(entry[name]));
  }

  /** What {@linkcode ZipEntry} tells of each beside its name, by what it is. */
  get columns(): Readonly<Record<typeof COLUMNS[number] | "limit", NumberColumn>> {
    const { header, method, isEncrypted, isLink, packedSize, size, crc } = this.#columns;
    return {
      header: header.column,
      limit: this.limit,
      method: method.column,
      isEncrypted: isEncrypted.column,
      isLink: isLink.column,
      packedSize: packedSize.column,
      size: size.column,
      crc: crc.column,
    };
  }
}

/** One of some files, by its name and the columns of all. */
export function zipEntry(
  name: string,
  columns: ZipFiles["columns"],
  index: number,
): ZipEntry {
  return {
    name,
    header: columns.header[index],
    limit: columns.limit[index],
    method: columns.method[index],
    isEncrypted: columns.isEncrypted[index] === 1,
    isLink: columns.isLink[index] === 1,
    packedSize: columns.packedSize[index],
    size: columns.size[index],
    crc: columns.crc[index],
  };
}

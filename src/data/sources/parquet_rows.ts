import { dirname, resolve } from "@std/path";
import { InputFile } from "../../files/input_file.ts";
import { quoted } from "../../files/quoted.ts";
import { ParquetFile } from "./parquet_file.ts";

/** An image in a row of a parquet file. */
export interface ParquetRow {
  /** The file. */
  readonly path: string;
  /** The column of images. */
  readonly column: string;
  /** The row, counted from 0. */
  readonly row: number;
  /** The first row of what is unpacked with it, and the one behind the last. */
  readonly group: readonly [begin: number, end: number];
  /** Where the pages of these rows lie, if they are plain bytes. Default: they are a row group. */
  readonly pages?: readonly (readonly [offset: number, length: number])[];
}

/** Bytes of unpacked row groups that are kept: a window of groups is read from again and again. */
export const KEPT_BYTES = 2 ** 27;

/** Bytes of the largest image. */
const LARGEST = 2 ** 30;

/** Bytes, or the name of a file that holds them. */
type Images = readonly (Uint8Array<ArrayBuffer> | string | undefined)[];

const kept = new Map<string, Images>();

/**
 * Reads the bytes of an image. Only whole pages or row groups can be unpacked, so the last ones are kept, by each thread for
 * itself: images of one group do well to go to one.
 *
 * @throws {Error} If the row holds none, or the file is damaged.
 */
export async function readParquetRow(row: ParquetRow): Promise<Uint8Array<ArrayBuffer>> {
  const key = `${row.path}\0${row.group[0]}`;
  const images = kept.get(key) ?? await unpack(row);
  keep(key, images);
  const image = images[row.row - row.group[0]];
  if (image === undefined) throw new Error("the row holds no image");
  return typeof image === "string" ? readBeside(row.path, image) : image;
}

async function unpack({ path, column, group: [begin, end], pages }: ParquetRow): Promise<Images> {
  using file = await ParquetFile.open(path);
  const values = pages === undefined
    ? await file.values(column, begin, end)
    : await file.images(column, begin, end, pages);
  return values.map(imageOf);
}

/** The image of a row: bytes, a struct of bytes and path, or a path. */
function imageOf(value: unknown): Images[number] {
  if (value instanceof Uint8Array) return value as Uint8Array<ArrayBuffer>;
  if (typeof value === "string") return value;
  const { bytes, path } = (value ?? {}) as { bytes?: unknown; path?: unknown };
  if (bytes instanceof Uint8Array) return bytes as Uint8Array<ArrayBuffer>;
  if (path instanceof Uint8Array) return new TextDecoder().decode(path);
  return typeof path === "string" ? path : undefined;
}

/** Reads an image that a row names instead of holding it: only within the folder of the parquet file. */
function readBeside(parquet: string, name: string): Uint8Array<ArrayBuffer> {
  const folder = Deno.realPathSync(dirname(parquet));
  const named = resolve(folder, name);
  const isInside = (path: string) => path.startsWith(`${folder}/`);
  const real = isInside(named) ? realPathOf(named) : named;
  if (real === undefined) {
    throw new Error(`the row names a file that is not there, ${quoted(name)}`);
  }
  if (!isInside(real)) throw new Error(`the row names a file elsewhere, ${quoted(name)}`);
  using file = new InputFile(real);
  if (file.size > LARGEST) throw new Error(`the file has ${file.size} bytes`);
  return file.bytes(0, file.size);
}

/** Where a path leads through its links, or undefined where that is nothing. */
function realPathOf(path: string): string | undefined {
  try {
    return Deno.realPathSync(path);
  } catch {
    return undefined;
  }
}

/** Keeps images as those used last, and lets go of the oldest above the limit. */
function keep(key: string, images: Images): void {
  const isNew = !kept.delete(key);
  kept.set(key, images);
  if (!isNew) return;
  let total = 0;
  for (const each of kept.values()) total += bytesOf(each);
  for (const [oldest, each] of kept) {
    if (total <= KEPT_BYTES || oldest === key) return;
    kept.delete(oldest);
    total -= bytesOf(each);
  }
}

function bytesOf(images: Images): number {
  return images.reduce((sum, image) => sum + (image?.length ?? 0), 0);
}

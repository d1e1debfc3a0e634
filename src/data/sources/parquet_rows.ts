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
  /** The first row of its group, and the one behind the last. */
  readonly group: readonly [begin: number, end: number];
}

/** Bytes of unpacked row groups that are kept: a window of groups is read from again and again. */
export const KEPT_BYTES = 2 ** 27;

/** Bytes of the largest image. */
const LARGEST = 2 ** 30;

/** Bytes, or the name of a file that holds them. */
type Images = readonly (Uint8Array<ArrayBuffer> | string | undefined)[];

const kept = new Map<string, { images: Images; bytes: number }>();

/**
 * Reads the bytes of an image. Only whole row groups can be unpacked, so the last ones are kept, by each thread for itself:
 * images of one group do well to go to one.
 *
 * @throws {Error} If the row holds none, or the file is damaged.
 */
export async function readParquetRow(
  { path, column, row, group: [begin, end] }: ParquetRow,
): Promise<Uint8Array<ArrayBuffer>> {
  const key = `${path}\0${begin}`;
  let images = kept.get(key)?.images;
  if (images === undefined) {
    using file = await ParquetFile.open(path);
    images = unpacked(await file.values(column, begin, end));
  }
  keep(key, images);
  const image = images[row - begin];
  if (image === undefined) throw new Error("the row holds no image");
  return typeof image === "string" ? readBeside(path, image) : image.slice();
}

/** The images of rows: bytes, a struct of bytes and path, or a path. */
function unpacked(values: readonly unknown[]): Images {
  return values.map((value) => {
    if (value instanceof Uint8Array) return value.slice();
    if (typeof value === "string") return value;
    const { bytes, path } = (value ?? {}) as { bytes?: unknown; path?: unknown };
    if (bytes instanceof Uint8Array) return bytes.slice();
    if (path instanceof Uint8Array) return new TextDecoder().decode(path);
    return typeof path === "string" ? path : undefined;
  });
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

/** Keeps the images as those used last, and lets go of the oldest above the limit. */
function keep(key: string, images: Images): void {
  const known = kept.get(key);
  const bytes = known?.bytes ?? images.reduce((sum, image) => sum + (image?.length ?? 0), 0);
  kept.delete(key);
  kept.set(key, { images, bytes });
  if (known !== undefined) return;
  let total = 0;
  for (const entry of kept.values()) total += entry.bytes;
  for (const [oldest, entry] of kept) {
    if (total <= KEPT_BYTES || oldest === key) return;
    kept.delete(oldest);
    total -= entry.bytes;
  }
}

/**
 * What the pages of parquet files are unpacked by.
 *
 * @module
 */
import type { Compressors } from "hyparquet";
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";

/** Bytes that one page may unpack to. */
const LARGEST = 2 ** 30;

type Unpack = (page: Uint8Array, size: number) => Uint8Array;

/**
 * Unpacks pages by the name of their codec. Sizes are looked at before memory is taken.
 *
 * What Deno brings is several times as fast as what hyparquet's own package has for it; LZ4 is left to that.
 */
export async function pageCodecs(): Promise<Compressors> {
  const { decompressLz4, decompressLz4Raw } = await import("hyparquet-compressors");
  const codecs: Readonly<Record<string, Unpack>> = {
    SNAPPY: unpackSnappy,
    GZIP: (page, size) => gunzipSync(page, within(size)),
    ZSTD: (page, size) => zstdDecompressSync(page, within(size)),
    BROTLI: (page, size) => brotliDecompressSync(page, within(size)),
    LZ4: decompressLz4,
    LZ4_RAW: decompressLz4Raw,
  };
  return Object.fromEntries(
    Object.entries(codecs).map(([name, unpack]) => [name, (page: Uint8Array, size: number) => {
      if (size <= LARGEST) return unpack(page, size);
      throw new Error(`a page says that it unpacks to ${size} bytes`);
    }]),
  );
}

/** Bytes that Node's codecs unpack at a time: of fewer than a mebibyte, putting them together shows. */
const CHUNK = { least: 64, most: 2 ** 20 };

/** How Node's codecs unpack no more than a size, and in few pieces. */
function within(size: number): { maxOutputLength: number; chunkSize: number } {
  const chunkSize = Math.min(Math.max(size, CHUNK.least), CHUNK.most);
  return { maxOutputLength: Math.max(1, size), chunkSize };
}

/**
 * Unpacks snappy. Images hardly pack, so most of it is long runs that are copied whole.
 *
 * Source: `format_description.txt` of snappy.
 *
 * @throws {Error} If it is damaged, or not of this size.
 */
export function unpackSnappy(packed: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const unpacked = new Uint8Array(size);
  let from = 0, to = 0;
  while (packed[from++] >= 128); // the size, which the page tells as well
  const number = (bytes: number) => {
    let value = 0;
    for (let i = 0; i < bytes; i++) value += packed[from++] * 2 ** (8 * i);
    return value;
  };
  while (from < packed.length) {
    const tag = packed[from++], kind = tag & 3;
    if (kind === 0) {
      const short = tag >>> 2;
      const length = 1 + (short < 60 ? short : number(short - 59));
      if (!(from + length <= packed.length && to + length <= size)) throw damagedSnappy();
      unpacked.set(packed.subarray(from, from + length), to);
      from += length;
      to += length;
    } else {
      const length = kind === 1 ? 4 + (tag >>> 2 & 7) : 1 + (tag >>> 2);
      const back = kind === 1 ? (tag >>> 5) * 256 + number(1) : number(kind === 2 ? 2 : 4);
      if (!(back >= 1 && back <= to && to + length <= size)) throw damagedSnappy();
      for (const end = to + length; to < end; to++) unpacked[to] = unpacked[to - back]; // may overlap
    }
  }
  if (to !== size) throw damagedSnappy();
  return unpacked;
}

function damagedSnappy(): Error {
  return new Error("a page packed by snappy is damaged");
}

/**
 * The table of pixels: small files of every format, mode, depth and tag, and what Pillow reads from them.
 * `pixels/make_pixels.py` makes it.
 *
 * @module
 */
import { inflateSync } from "node:zlib";

/** A file, and for each number of channels where Pillow's pixels lie, if it has any. */
interface Entry {
  readonly name: string;
  readonly at: number;
  readonly length: number;
  readonly size: readonly [width: number, height: number];
  readonly [channels: `${number}`]: readonly [at: number, length: number] | undefined;
}

const FOLDER = new URL("pixels/", import.meta.url);
const unpack = (name: string) =>
  new Uint8Array(inflateSync(Deno.readFileSync(new URL(name, FOLDER))));
const [files, pixels] = [unpack("files.bin"), unpack("pixels.bin")];
const table: Entry[] = Deno.readTextFileSync(new URL("table.jsonl", FOLDER)).trim().split("\n")
  .map((line) => JSON.parse(line));

/** The names of all files. */
export const pixelFiles: readonly string[] = table.map(({ name }) => name);

/** The bytes of a file. */
export function bytesOf(name: string): Uint8Array<ArrayBuffer> {
  const { at, length } = find(name);
  return files.slice(at, at + length);
}

/** Columns, rows and bytes that Pillow reads from a file, or undefined where it reads none to so many channels. */
export function pillowPixels(name: string, channels: 1 | 2 | 3 | 4) {
  const { [`${channels}` as const]: place, size } = find(name);
  if (place === undefined) return undefined;
  const [width, height] = size;
  return { width, height, pixels: pixels.subarray(place[0], place[0] + place[1]) };
}

function find(name: string): Entry {
  const entry = table.find((entry) => entry.name === name);
  if (entry === undefined) throw new RangeError(`no file ${name} in the table of pixels`);
  return entry;
}

/**
 * The strips and tiles of a TIFF.
 *
 * @module
 */
import { spreadBits } from "./spread_bits.ts";
import { decompress } from "./tiff_compression.ts";
import type { TiffDirectory } from "./tiff_directory.ts";
import { decodeJpegBlock } from "./tiff_jpeg.ts";
import { JPEG, type TiffLayout, UNCOMPRESSED } from "./tiff_layout.ts";
import { unpackYcbcr } from "./tiff_ycbcr.ts";

/** Numbers of tags. */
const tags = {
  stripOffsets: 273,
  rowsPerStrip: 278,
  stripBytes: 279,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileBytes: 325,
} as const;

/** The most blocks of a file. Blocks have a few kilobytes, so these are gigabytes. */
const MOST_BLOCKS = 2 ** 20;
/** Bytes that blocks may take beyond those of pixels and file: for the edges of tiles, and tiles that are shared. */
const ALLOWANCE = 2 ** 26;

/** Where the blocks of an image lie, and their size. */
interface Blocks {
  readonly count: number;
  /** Columns and rows of a block, and blocks in a row of blocks. */
  readonly columns: number;
  readonly rows: number;
  readonly across: number;
  /** Whether every block holds all its rows, also where the picture ends. */
  readonly isTiled: boolean;
  /** Blocks of each plane. */
  readonly perPlane: number;
  /** Samples of a pixel in a block. */
  readonly samples: number;
  /** The stored bytes of a block that unpacks to `size` bytes. */
  stored(index: number, size: number): Uint8Array<ArrayBuffer>;
}

/**
 * Reads all samples of a TIFF.
 *
 * Time and memory are bounded by the sizes of picture and file, even where blocks overlap or reach beyond the picture.
 *
 * @returns `[height, width, samples]`: bytes for up to 8 bits, not yet spread to the scale of bytes; else 16 bits.
 * @throws {Error} If blocks are missing, damaged, cut off or too many.
 */
export async function readTiffBlocks(
  bytes: Uint8Array<ArrayBuffer>,
  directory: TiffDirectory,
  layout: TiffLayout,
): Promise<Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>> {
  const { width, height, samples, bits, isPlanar } = layout;
  const blocks = findBlocks(bytes, directory, layout);
  const count = width * height * samples;
  const values = bits > 8 ? new Uint16Array(count) : new Uint8Array(count);
  for (let i = 0; i < blocks.count; i++) {
    const plane = Math.floor(i / blocks.perPlane);
    const place = i % blocks.perPlane;
    const left = (place % blocks.across) * blocks.columns;
    const top = Math.floor(place / blocks.across) * blocks.rows;
    const rows = Math.min(blocks.rows, height - top);
    const columns = Math.min(blocks.columns, width - left);
    const block = await readBlock(i, blocks.isTiled ? blocks.rows : rows, {
      blocks,
      directory,
      layout,
    });
    for (let y = 0; y < rows; y++) {
      const row = block(y).subarray(0, columns * blocks.samples);
      const to = ((top + y) * width + left) * samples;
      if (!isPlanar) values.set(row, to);
      else for (let x = 0; x < columns; x++) values[to + x * samples + plane] = row[x];
    }
  }
  return values;
}

/** The samples of a row of a block. Rows are unpacked one by one: a block may hold the whole picture. */
type BlockRow = (y: number) => Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;

/** The samples of a block of some rows, prediction undone; bytes where there are at most 8 bits. */
async function readBlock(
  index: number,
  rows: number,
  { blocks, directory, layout }: {
    readonly blocks: Blocks;
    readonly directory: TiffDirectory;
    readonly layout: TiffLayout;
  },
): Promise<BlockRow> {
  const { columns, samples } = blocks;
  const { bits, compression, subsampling, predictor, isReversed } = layout;
  const count = columns * samples;
  const rowOf = (bytes: Uint8Array<ArrayBuffer>, y: number) =>
    bytes.subarray(y * count, (y + 1) * count);
  if (compression === JPEG) {
    const stored = blocks.stored(index, 0);
    const pixels = await decodeJpegBlock(stored, { directory, layout, columns, rows, samples });
    return (y) => rowOf(pixels, y);
  }
  const [h, v] = subsampling ?? [1, 1];
  const rowBytes = subsampling === undefined
    ? Math.ceil(count * bits / 8)
    : Math.ceil(columns / h) * (h * v + 2);
  const size = rowBytes * Math.ceil(rows / v);
  let stored = blocks.stored(index, size);
  if (isReversed) stored = stored.map((byte) => REVERSED[byte]);
  const data = decompress(stored, { compression, size, columns, rows, directory });
  const undo = (row: Uint8Array | Uint16Array) => {
    if (predictor === 2) { for (let i = samples; i < count; i++) row[i] += row[i - samples]; }
  };
  if (subsampling !== undefined) {
    for (let at = 0; at < size; at += rowBytes) undo(data.subarray(at, at + rowBytes));
    const rgb = unpackYcbcr(data, { columns, rows, subsampling });
    return (y) => rowOf(rgb, y);
  }
  return (y) => {
    const bytes = data.subarray(y * rowBytes, (y + 1) * rowBytes);
    const row = spreadBits(bytes, { bits, count, little: directory.little });
    undo(row);
    return row;
  };
}

/** Every byte with its bits reversed. */
const REVERSED = Uint8Array.from({ length: 256 }, (_, byte) => {
  let reversed = 0;
  for (let bit = 0; bit < 8; bit++) reversed |= (byte >> bit & 1) << (7 - bit);
  return reversed;
});

function findBlocks(
  bytes: Uint8Array<ArrayBuffer>,
  { first, values }: TiffDirectory,
  { width, height, samples: all, bits, isPlanar, compression }: TiffLayout,
): Blocks {
  const isTiled = values(tags.tileWidth).length > 0;
  const columns = first(tags.tileWidth, width);
  const rows = isTiled
    ? first(tags.tileHeight, 0)
    : Math.min(height, first(tags.rowsPerStrip, height));
  if (columns < 1 || rows < 1) throw new Error("blocks without pixels");
  const offsets = values(isTiled ? tags.tileOffsets : tags.stripOffsets);
  const counts = values(isTiled ? tags.tileBytes : tags.stripBytes);
  const across = Math.ceil(width / columns);
  const down = Math.ceil(height / rows);
  const perPlane = across * down;
  const count = perPlane * (isPlanar ? all : 1);
  const samples = isPlanar ? 1 : all;
  if (count > MOST_BLOCKS) throw new Error(`${count} blocks, and at most ${MOST_BLOCKS} are read`);
  if (offsets.length < count) throw new Error("blocks missing");
  const unpacked = across * columns * (isTiled ? down * rows : height) * all * bits / 8;
  if (unpacked > 4 * width * height * all * bits / 8 + ALLOWANCE) {
    throw new Error(`blocks of ${columns}x${rows} pixels for a picture of ${width}x${height}`);
  }
  const storedBytes = (i: number, size: number) => {
    if (compression === UNCOMPRESSED) return size;
    return i < counts.length ? counts.at(i) : bytes.length - offsets.at(i);
  };
  let looked = 0;
  if (compression !== UNCOMPRESSED) { for (let i = 0; i < count; i++) looked += storedBytes(i, 0); }
  if (looked > 2 * bytes.length + ALLOWANCE) throw new Error("blocks that share their bytes");
  return {
    count,
    columns,
    rows,
    across,
    isTiled,
    perPlane,
    samples,
    stored: (i, size) => {
      const end = offsets.at(i) + storedBytes(i, size);
      if (end > bytes.length) throw new Error("the file is cut off");
      return bytes.subarray(offsets.at(i), end);
    },
  };
}

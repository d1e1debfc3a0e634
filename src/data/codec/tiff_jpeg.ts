/**
 * JPEG data inside TIFF files.
 *
 * @module
 */
import { concat } from "@std/bytes/concat";
import { readJpegSamples } from "./jpeg_samples.ts";
import { readJpegFrame } from "./jpeg_frame.ts";
import type { TiffDirectory } from "./tiff_directory.ts";
import type { TiffLayout } from "./tiff_layout.ts";

const TABLES = 347;
/** An Adobe marker up to the byte that says whether colours are stored as Y′CbCr. */
const ADOBE = [0xff, 0xee, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0];

interface JpegBlock {
  readonly directory: TiffDirectory;
  readonly layout: TiffLayout;
  /** Columns and rows that the block has to give. */
  readonly columns: number;
  readonly rows: number;
  readonly samples: number;
}

/**
 * Decodes a block to gray, RGB or four inks, however its colours are stored.
 *
 * @returns `[rows, columns, samples]`.
 * @throws {Error} If it is damaged, smaller than the block, or of other samples.
 */
export async function decodeJpegBlock(
  block: Uint8Array<ArrayBuffer>,
  { directory, layout, columns, rows, samples }: JpegBlock,
): Promise<Uint8Array<ArrayBuffer>> {
  const tables = directory.bytes(TABLES);
  // The tables are a JPEG file of their own: leave out the markers that begin and end it.
  const shared = tables.subarray(2, Math.max(2, tables.length - 2));
  const adobe = samples === 3 ? [...ADOBE, layout.colour === "ycbcr" ? 1 : 0] : [];
  const file = concat([Uint8Array.of(0xff, 0xd8, ...adobe), shared, block.subarray(2)]);
  const { width, height, components } = readJpegFrame(new DataView(file.buffer));
  if (components !== samples || samples > 4 || width < columns || height < rows) {
    throw new Error(
      `a JPEG of ${width}x${height}x${components} in a block of ${columns}x${rows}x${samples}`,
    );
  }
  if (width * height > 4 * columns * rows + 2 ** 20) {
    throw new Error("a JPEG larger than its block");
  }
  const { values, channels } = await readJpegSamples(file, true);
  if (width === columns && channels === samples) {
    return values.subarray(0, rows * columns * samples);
  }
  const cropped = new Uint8Array(rows * columns * samples);
  for (let y = 0; y < rows; y++) {
    cropped.set(
      values.subarray(y * width * samples, (y * width + columns) * samples),
      y * columns * samples,
    );
  }
  return cropped;
}

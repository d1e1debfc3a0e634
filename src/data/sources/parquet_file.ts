/**
 * Parquet files as hyparquet reads them.
 *
 * @module
 */
import type { AsyncBuffer, FileMetaData, ParquetReadOptions } from "hyparquet";
import type { InputFile } from "../../files/input_file.ts";
import { viewOf } from "../../files/zip/format.ts";
import { lastUpTo } from "./last_up_to.ts";
import { pageCodecs } from "./parquet_codecs.ts";
import { type FileRange, isImage, pageRuns } from "./parquet_pages.ts";
import { openShard } from "./shards.ts";

/** What stands at the end of a file. */
interface Footer {
  readonly metadata: FileMetaData;
  /** The first row of each group, and the one behind the last. */
  readonly starts: readonly number[];
  /** When the file was changed. */
  readonly changed?: number;
  /** The file's bytes. */
  readonly size: number;
}

/** Footers that are kept: reading one takes longer than reading a small row group. */
const KEPT_FOOTERS = 32;
const footers = new Map<string, Footer>();

/** A parquet file that is open. */
export class ParquetFile implements Disposable {
  /** What its footer says. */
  readonly metadata: FileMetaData;
  readonly #starts: readonly number[];
  readonly #file: InputFile;

  private constructor(file: InputFile, { metadata, starts }: Footer) {
    this.#file = file;
    this.#starts = starts;
    this.metadata = metadata;
  }

  /**
   * Opens a file and reads its footer.
   *
   * @throws {Error} If it is none, or was cut; the message completes "Cannot read …: ".
   */
  static async open(path: string): Promise<ParquetFile> {
    const file = openShard(path);
    try {
      return new ParquetFile(file, await readFooter(file));
    } catch (error) {
      file[Symbol.dispose]();
      const reason = (error as Error).message;
      throw error instanceof NoParquet ? error : new Error(`its footer is damaged (${reason})`);
    }
  }

  /**
   * The values of a column in some rows.
   *
   * @param column The column's name.
   * @param begin The first row.
   * @param end The row behind the last one.
   * @param options Whether texts are wanted as such, not as bytes. Default: as bytes.
   * @throws {Error} If they are damaged; the message completes "Cannot read …: ".
   */
  async values(
    column: string,
    begin: number,
    end: number,
    { utf8 = false }: { utf8?: boolean } = {},
  ): Promise<unknown[]> {
    const starts = this.#starts;
    const [first, last] = [begin, end - 1].map((row) => groupOf(row, starts));
    const row_groups = this.metadata.row_groups.slice(first, last + 1); // or all are gone through
    const [rowStart, rowEnd] = [begin, end].map((row) => row - starts[first]);
    try {
      return await readValues({
        file: bufferOf(this.#file),
        metadata: { ...this.metadata, row_groups },
        column,
        rowStart,
        rowEnd,
        utf8,
      });
    } catch (error) {
      throw unreadableRows(column, begin, end, error);
    }
  }

  /**
   * All values of a column, texts as such, those of a row group at a time: of a million rows, all would show.
   *
   * @param column The column's name.
   * @throws {Error} If they are damaged; the message completes "Cannot read …: ".
   */
  async *valuesByGroup(column: string): AsyncGenerator<unknown[]> {
    for (const [i, begin] of this.#starts.slice(0, -1).entries()) {
      const end = this.#starts[i + 1];
      if (end > begin) yield await this.values(column, begin, end, { utf8: true });
    }
  }

  /**
   * The images in some pages of a column.
   *
   * @param column The column's name.
   * @param begin The first row in them.
   * @param end The row behind the last one.
   * @param ranges Where the pages lie.
   * @throws {Error} If they are damaged; the message completes "Cannot read …: ".
   */
  async images(
    column: string,
    begin: number,
    end: number,
    ranges: readonly FileRange[],
  ): Promise<unknown[]> {
    const { schema, row_groups } = this.metadata;
    const { columns } = row_groups[groupOf(begin, this.#starts)];
    const { meta_data } = columns.find(({ meta_data }) => isImage(meta_data, column))!;
    const [{ readColumn }, { getSchemaPath }, { DEFAULT_PARSERS }, compressors] = await Promise.all(
      [
        import("hyparquet/src/column.js"),
        import("hyparquet/src/schema.js"),
        import("hyparquet/src/convert.js"),
        pageCodecs(),
      ],
    );
    try {
      const schemaPath = getSchemaPath(schema, meta_data!.path_in_schema);
      const bytes = this.#bytes(ranges, meta_data!.codec !== "UNCOMPRESSED");
      const { data } = readColumn(
        { view: viewOf(bytes), offset: 0 },
        { groupStart: 0, groupRows: end - begin, selectStart: 0, selectEnd: end - begin },
        {
          ...meta_data!,
          schemaPath,
          pathInSchema: meta_data!.path_in_schema,
          utf8: false,
          element: schemaPath.at(-1)!.element,
          parsers: DEFAULT_PARSERS,
          compressors,
        },
      );
      return data.flatMap((values) => Array.from(values, unwrapped));
    } catch (error) {
      throw unreadableRows(column, begin, end, error);
    }
  }

  /** Some ranges of the file, one behind the other; in memory that the next call fills again if they are only passed through. */
  #bytes(ranges: readonly FileRange[], arePassing: boolean): Uint8Array<ArrayBuffer> {
    for (const [offset, length] of ranges) checkRange(this.#file, offset, offset + length);
    const size = ranges.reduce((sum, [, length]) => sum + length, 0);
    if (arePassing && passing.length < size) passing = new Uint8Array(size);
    const bytes = arePassing ? passing.subarray(0, size) : new Uint8Array(size);
    let begin = 0;
    for (const [offset, length] of ranges) {
      this.#file.read(offset, bytes.subarray(begin, begin += length));
    }
    return bytes;
  }

  /**
   * What is unpacked together of a column of images: row groups, or parts of large ones.
   *
   * @param column The column's name.
   * @param run Bytes of the pages, see {@linkcode pageRuns}.
   */
  async groups(column: string, run?: number): Promise<UnpackedTogether[]> {
    const groups: UnpackedTogether[] = [];
    for (const [i, { columns }] of this.metadata.row_groups.entries()) {
      let begin = this.#starts[i];
      const runs = await pageRuns(this.#file, this.metadata, i, column, run);
      for (const { rows, ranges: pages, bytes } of runs ?? []) {
        groups.push({ begin, end: begin + rows, bytes, pages });
        begin += rows;
      }
      if (runs !== undefined || begin === this.#starts[i + 1]) continue;
      const bytes = columns.filter(({ meta_data }) => meta_data?.path_in_schema[0] === column)
        .reduce((sum, { meta_data }) => sum + Number(meta_data!.total_uncompressed_size), 0);
      groups.push({ begin, end: this.#starts[i + 1], bytes });
    }
    return groups;
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }
}

/** Rows that are unpacked together. */
export interface UnpackedTogether {
  /** The first row. */
  readonly begin: number;
  /** The row behind the last one. */
  readonly end: number;
  /** What they unpack to. */
  readonly bytes: number;
  /** Where their pages lie, if they are plain bytes. */
  readonly pages?: readonly FileRange[];
}

async function readValues(
  { column, ...asked }:
    & Pick<ParquetReadOptions, "file" | "metadata" | "rowStart" | "rowEnd" | "utf8">
    & { column: string },
): Promise<unknown[]> {
  const { parquetReadObjects } = await import("hyparquet");
  const compressors = await pageCodecs();
  const rows = await parquetReadObjects({ utf8: false, ...asked, compressors, columns: [column] });
  return rows.map((row) => row[column]);
}

/** Memory for packed pages: taking new memory costs several times what filling it does. */
let passing = new Uint8Array(0);

/** A value without the lists that hyparquet wraps what may be absent in, and in memory of its own. */
function unwrapped(value: unknown): unknown {
  while (Array.isArray(value)) value = value[0];
  if (!(value instanceof Uint8Array)) return value;
  return value.buffer === passing.buffer ? value.slice() : value; // of a page that is not packed
}

function unreadableRows(column: string, begin: number, end: number, cause: unknown): Error {
  const reason = (cause as Error).message;
  return new Error(
    `its column "${column}" cannot be read in rows ${begin} to ${end - 1} (${reason})`,
    { cause },
  );
}

/** The group that a row belongs to, by the starts of all and the end of the last. */
function groupOf(row: number, starts: readonly number[]): number {
  return Math.min(lastUpTo(starts, row), Math.max(0, starts.length - 2));
}

async function readFooter(file: InputFile): Promise<Footer> {
  const changed = Deno.statSync(file.path).mtime?.getTime();
  const known = footers.get(file.path);
  footers.delete(file.path);
  const isSame = known?.size === file.size && known.changed === changed;
  const footer = isSame ? known : { ...await parseFooter(file), size: file.size, changed };
  footers.set(file.path, footer); // as the one used last
  if (footers.size > KEPT_FOOTERS) footers.delete(footers.keys().next().value!);
  return footer;
}

async function parseFooter(file: InputFile): Promise<Pick<Footer, "metadata" | "starts">> {
  checkEnds(file);
  const { parquetMetadataAsync } = await import("hyparquet");
  const metadata = await parquetMetadataAsync(bufferOf(file));
  let end = 0;
  return {
    metadata,
    starts: [0, ...metadata.row_groups.map((group) => end += Number(group.num_rows))],
  };
}

/** Something else than a parquet file. */
class NoParquet extends Error {}

function checkEnds(file: InputFile): void {
  if (file.size < 12) throw new NoParquet(`${file.size} bytes are not a parquet file`);
  const [head, tail] = [0, file.size - 4].map((at) => String.fromCharCode(...file.bytes(at, 4)));
  if (tail === "PARE" || head === "PARE") throw new NoParquet("it is encrypted");
  if (head !== "PAR1") throw new NoParquet("it is not a parquet file");
  if (tail !== "PAR1") {
    throw new NoParquet("it ends without its footer: the download broke off, repeat it");
  }
}

function bufferOf(file: InputFile): AsyncBuffer {
  return {
    byteLength: file.size,
    slice(begin, end = file.size) {
      checkRange(file, begin, end);
      return file.bytes(begin, end - begin).buffer;
    },
  };
}

function checkRange({ size }: InputFile, begin: number, end: number): void {
  if (begin >= 0 && begin <= end && end <= size) return;
  throw new Error(`it claims bytes ${begin} to ${end} of ${size}`);
}

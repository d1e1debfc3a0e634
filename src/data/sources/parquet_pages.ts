/**
 * Where the images of a parquet file lie, in parts that are unpacked by themselves.
 *
 * @module
 */
import type { ColumnMetaData, FileMetaData, PageHeader } from "hyparquet";
import type { InputFile } from "../../files/input_file.ts";

/** Some bytes of a file. */
export type FileRange = readonly [offset: number, length: number];

/** Pages of a column that follow each other. */
interface PageRun {
  /** Rows in them. */
  readonly rows: number;
  /** Where they lie; where they refer to a dictionary, behind that. */
  readonly ranges: readonly FileRange[];
  /** What they unpack to. */
  readonly bytes: number;
}

const RUN = 2 ** 24;
/** A page's header is shorter, but for one with long statistics. */
const HEADER = 2 ** 12, LONGEST_HEADER = 2 ** 20;

/**
 * Where the pages of images of a row group lie. A large row group is divided into runs of pages: as some programs write it,
 * it is the whole file.
 *
 * @param file The file.
 * @param metadata Its footer.
 * @param group The number of the row group.
 * @param column The column of images.
 * @param run Bytes that a run unpacks to, or one page more; twice as much is not divided. Default: 16 MiB.
 * @returns The runs in the order of rows; undefined where images are not plain bytes, or may be files that rows name.
 */
export async function pageRuns(
  file: InputFile,
  metadata: FileMetaData,
  group: number,
  column: string,
  run = RUN,
): Promise<PageRun[] | undefined> {
  const { columns, num_rows } = metadata.row_groups[group];
  const meta = columns.find(({ meta_data }) => isImage(meta_data, column))?.meta_data;
  if (meta === undefined || !await arePlainBytes(metadata, meta)) return undefined;
  const rows = Number(num_rows), bytes = Number(meta.total_uncompressed_size);
  if (bytes <= 2 * run) return [{ rows, ranges: [rangeOf(meta)], bytes }];
  const runs = await divide(file, meta, run);
  return runs?.reduce((sum, { rows }) => sum + rows, 0) === rows ? runs : undefined;
}

/** Whether each row has the bytes of an image, or nothing. */
async function arePlainBytes(
  { schema }: FileMetaData,
  { path_in_schema, statistics }: ColumnMetaData,
): Promise<boolean> {
  const { getSchemaPath } = await import("hyparquet/src/schema.js");
  const elements = getSchemaPath(schema, path_in_schema).map(({ element }) => element);
  const mayNameFiles = path_in_schema.length > 1 && statistics?.null_count !== 0n;
  return !mayNameFiles && elements.at(-1)!.converted_type !== "UTF8" &&
    elements.every(({ repetition_type }) => repetition_type !== "REPEATED");
}

/** Where a column chunk lies. */
function rangeOf(
  { dictionary_page_offset, data_page_offset, total_compressed_size }: ColumnMetaData,
): FileRange {
  return [Number(dictionary_page_offset || data_page_offset), Number(total_compressed_size)];
}

async function divide(
  file: InputFile,
  meta: ColumnMetaData,
  run: number,
): Promise<PageRun[] | undefined> {
  const runs: PageRun[] = [];
  let dictionary: { range: FileRange; bytes: number } | undefined;
  let refers = false;
  try {
    for await (const { header, range } of pagesOf(file, meta)) {
      const bytes = header.uncompressed_page_size;
      const page = header.data_page_header ?? header.data_page_header_v2;
      if (page === undefined) {
        dictionary = { range, bytes };
        continue;
      }
      const rows = header.data_page_header_v2?.num_rows ?? page.num_values;
      const refersNow = page.encoding.endsWith("DICTIONARY");
      const last = runs.at(-1);
      if (last !== undefined && refersNow === refers && last.bytes < run) {
        runs[runs.length - 1] = {
          rows: last.rows + rows,
          ranges: [...last.ranges.slice(0, -1), joined(last.ranges.at(-1)!, range)],
          bytes: last.bytes + bytes,
        };
      } else {
        const before = refersNow ? dictionary : undefined;
        const ranges = before === undefined ? [range] : [before.range, range];
        runs.push({ rows, ranges, bytes: bytes + (before?.bytes ?? 0) });
      }
      refers = refersNow;
    }
  } catch {
    return undefined; // damaged, which unpacking tells
  }
  return runs;
}

/** Whether a column chunk holds the bytes of images of a column. */
export function isImage(meta: ColumnMetaData | undefined, column: string): boolean {
  const [name, field, ...deeper] = meta?.path_in_schema ?? [];
  return name === column && (field === undefined || field === "bytes") && deeper.length === 0;
}

/** The pages of a column chunk with their headers. */
async function* pagesOf(
  file: InputFile,
  meta: ColumnMetaData,
): AsyncGenerator<{ header: PageHeader; range: FileRange }> {
  const { parquetHeader } = await import("hyparquet/src/column.js");
  const [begin, size] = rangeOf(meta);
  const end = begin + size;
  for (let at = begin; at < end;) {
    const read = (most: number) => {
      const bytes = file.bytes(at, Math.min(most, end - at));
      const reader = { view: new DataView(bytes.buffer), offset: 0 };
      return { header: parquetHeader(reader), length: reader.offset };
    };
    let found: ReturnType<typeof read>;
    try {
      found = read(HEADER);
    } catch {
      found = read(LONGEST_HEADER);
    }
    const length = found.length + found.header.compressed_page_size;
    if (!(length > found.length && at + length <= end)) throw new Error("a page is damaged");
    yield { header: found.header, range: [at, length] };
    at += length;
  }
}

function joined([offset]: FileRange, [next, length]: FileRange): FileRange {
  return [offset, next + length - offset];
}

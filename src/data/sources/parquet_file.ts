/**
 * Parquet files as hyparquet reads them.
 *
 * @module
 */
import type { AsyncBuffer, Compressors, FileMetaData } from "hyparquet";
import type { InputFile } from "../../files/input_file.ts";
import { openShard } from "./shards.ts";

/** Bytes that one page, or the images of one row group, may unpack to. */
const LARGEST = 2 ** 30;

/** Decompressors that look at the size before they take memory. */
async function boundedCompressors(): Promise<Compressors> {
  const { compressors } = await import("hyparquet-compressors");
  return Object.fromEntries(
    Object.entries(compressors).map(([name, decompress]) => [
      name,
      (input: Uint8Array, size: number) => {
        if (size > LARGEST) throw new Error(`a page says that it unpacks to ${size} bytes`);
        return decompress(input, size);
      },
    ]),
  );
}

/** A parquet file that is open. */
export class ParquetFile implements Disposable {
  /** What its footer says. */
  readonly metadata: FileMetaData;
  readonly #file: InputFile;

  private constructor(file: InputFile, metadata: FileMetaData) {
    this.#file = file;
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
      checkEnds(file);
      const { parquetMetadataAsync } = await import("hyparquet");
      return new ParquetFile(file, await parquetMetadataAsync(bufferOf(file)));
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
    const { metadata } = this;
    const { parquetReadObjects } = await import("hyparquet");
    const compressors = await boundedCompressors();
    const read = { file: bufferOf(this.#file), metadata, compressors, columns: [column] };
    try {
      const rows = await parquetReadObjects({ ...read, rowStart: begin, rowEnd: end, utf8 });
      return rows.map((row) => row[column]);
    } catch (error) {
      throw new Error(
        `its column "${column}" cannot be read in rows ${begin} to ${end - 1} (${
          (error as Error).message
        })`,
        { cause: error },
      );
    }
  }

  /** The rows of each group: what is packed together. */
  get groups(): { begin: number; end: number; bytes: (column: string) => number }[] {
    let begin = 0;
    return this.metadata.row_groups.map(({ num_rows, columns }) => {
      const end = begin + Number(num_rows);
      const group = {
        begin,
        end,
        bytes: (column: string) =>
          columns.filter(({ meta_data }) => meta_data?.path_in_schema[0] === column)
            .reduce((sum, { meta_data }) => sum + Number(meta_data!.total_uncompressed_size), 0),
      };
      begin = end;
      return group;
    });
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }
}

/** Something else than a parquet file. */
class NoParquet extends Error {}

function checkEnds(file: InputFile): void {
  if (file.size < 12) throw new NoParquet(`${file.size} bytes are no parquet file`);
  const [head, tail] = [0, file.size - 4].map((at) => String.fromCharCode(...file.bytes(at, 4)));
  if (tail === "PARE" || head === "PARE") throw new NoParquet("it is encrypted");
  if (head !== "PAR1") throw new NoParquet("it is no parquet file");
  if (tail !== "PAR1") {
    throw new NoParquet("it ends without its footer: the download broke off, repeat it");
  }
}

function bufferOf(file: InputFile): AsyncBuffer {
  return {
    byteLength: file.size,
    slice(begin, end = file.size) {
      if (!(begin >= 0 && begin <= end && end <= file.size)) {
        throw new Error(`it says that bytes ${begin} to ${end} are its own, of ${file.size}`);
      }
      return file.bytes(begin, end - begin).buffer;
    },
  };
}

/**
 * Writes small parquet files for tests and benchmarks: a column `image` of bytes, in pages of the snappy codec that hold
 * every byte as it is.
 *
 * Source: parquet-format's `parquet.thrift`; the compact protocol of Thrift.
 *
 * @module
 */
import { concat } from "@std/bytes/concat";

/** What the compact protocol writes: a number of 32 or 64 bits, text, a list or a struct of numbered fields. */
type Value = number | bigint | string | readonly Value[] | { readonly [field: number]: Value };

const BYTE_ARRAY = 6, REQUIRED = 0, PLAIN = 0, RLE = 3, SNAPPY = 1, DATA_PAGE = 0;
const encoder = new TextEncoder();

/** What {@linkcode parquetFile} writes beside the images. */
interface ParquetToWrite {
  /** Rows of a row group. Default: 100. */
  readonly groupRows?: number;
  /** The column of images. Default: image. */
  readonly column?: string;
  /** The class of each row, for a column of bytes that no tag calls text. Default: none. */
  readonly labels?: readonly string[];
  /** What that column is called. Default: label. */
  readonly labelColumn?: string;
  /** What Hugging Face's description says of the columns, as JSON. Default: there is none. */
  readonly description?: string;
}

/** The bytes of a parquet file of one image a row. */
export function parquetFile(
  images: readonly Uint8Array[],
  options: ParquetToWrite = {},
): Uint8Array {
  const { groupRows = 100, column = "image", labels, labelColumn = "label", description } = options;
  const columns: [name: string, rows: readonly Uint8Array[]][] = [[column, images]];
  if (labels !== undefined) {
    columns.push([labelColumn, labels.map((label) => encoder.encode(label))]);
  }
  const parts: Uint8Array[] = [encoder.encode("PAR1")];
  let at = 4;
  const groups: Value[] = [];
  for (let begin = 0; begin < images.length; begin += groupRows) {
    let bytes = 0;
    const chunks = columns.map(([name, all]) => {
      const rows = all.slice(begin, begin + groupRows);
      const page = concat(rows.flatMap((bytes) => [littleEndian(bytes.length), bytes]));
      const packed = storedSnappy(page);
      const header = struct({
        1: DATA_PAGE,
        2: page.length,
        3: packed.length,
        5: { 1: rows.length, 2: PLAIN, 3: RLE, 4: RLE },
      });
      const [start, size] = [BigInt(at), header.length + packed.length];
      const facts = { 1: BYTE_ARRAY, 2: [PLAIN], 3: [name], 4: SNAPPY, 5: BigInt(rows.length) };
      parts.push(header, packed);
      at += size;
      bytes += size;
      return {
        2: start,
        3: { ...facts, 6: BigInt(header.length + page.length), 7: BigInt(size), 9: start },
      };
    });
    const rows = Math.min(groupRows, images.length - begin);
    groups.push({ 1: chunks, 2: BigInt(bytes), 3: BigInt(rows) });
  }
  const leaves = columns.map(([name]) => ({ 1: BYTE_ARRAY, 3: REQUIRED, 4: name }));
  const schema: Value[] = [{ 4: "schema", 5: leaves.length }, ...leaves];
  const facts: Value = description === undefined
    ? {}
    : { 5: [{ 1: "huggingface", 2: description }] };
  const footer = struct({ 1: 1, 2: schema, 3: BigInt(images.length), 4: groups, ...facts });
  return concat([...parts, footer, littleEndian(footer.length), encoder.encode("PAR1")]);
}

/** Snappy's format without any packing: one run of all bytes. */
function storedSnappy(bytes: Uint8Array): Uint8Array {
  const longest = 63 * 4; // the length less one follows in four bytes
  return concat([
    varint(BigInt(bytes.length)),
    Uint8Array.of(longest),
    littleEndian(bytes.length - 1),
    bytes,
  ]);
}

function littleEndian(number: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(number).buffer);
}

function struct(fields: { readonly [field: number]: Value }): Uint8Array {
  let last = 0;
  const parts = Object.entries(fields).flatMap(([name, value]) => {
    const step = Number(name) - last;
    last = Number(name);
    return [Uint8Array.of(step * 16 + typeOf(value)), encoded(value)];
  });
  return concat([...parts, Uint8Array.of(0)]);
}

function typeOf(value: Value): number {
  if (typeof value === "number") return 5;
  if (typeof value === "bigint") return 6;
  if (typeof value === "string") return 8;
  return Array.isArray(value) ? 9 : 12;
}

function encoded(value: Value): Uint8Array {
  if (typeof value === "number" || typeof value === "bigint") return varint(2n * BigInt(value)); // none is below 0
  if (typeof value === "string") {
    const text = encoder.encode(value);
    return concat([varint(BigInt(text.length)), text]);
  }
  if (!Array.isArray(value)) return struct(value as { readonly [field: number]: Value });
  const size = concat([Uint8Array.of(0xf0 + typeOf(value[0])), varint(BigInt(value.length))]);
  return concat([size, ...value.map(encoded)]);
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  for (; value >= 128n; value >>= 7n) bytes.push(Number(value & 127n) | 128);
  return Uint8Array.of(...bytes, Number(value));
}

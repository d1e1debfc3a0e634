/**
 * The layout of a safetensors file: eight bytes with the length of a JSON header, the header, then the elements
 * of all tensors without gaps. Everything a file claims is checked before anything is allocated.
 *
 * @module
 */
import { bytesPerElement, type DType } from "../tensor/dtype.ts";
import { isCounts, isRecord } from "../files/header_validation.ts";
import { quoted } from "../files/quoted.ts";
import { byteSize, isShape, type TensorFacts } from "./tensor_facts.ts";

/** Where one tensor lies in a file and what it is. */
export interface TensorEntry extends TensorFacts {
  /** Its first byte, counted from the end of the header. */
  readonly begin: number;
  /** The byte after its last. */
  readonly end: number;
}

/** What a file's header says. */
export interface SafetensorsHeader {
  /** The tensors in the order of their bytes. */
  readonly entries: readonly TensorEntry[];
  /** The free text that travels with them. */
  readonly metadata: Record<string, string>;
}

/** Bytes before the header: its length, an unsigned little-endian integer. */
export const PREFIX = 8;

/** The most bytes of a header: the format's own bound, far above any real one, far below what would exhaust memory. */
export const MAX_HEADER = 100_000_000;
const METADATA = "__metadata__";

const CODES: Record<DType, string> = {
  float64: "F64",
  float32: "F32",
  float16: "F16",
  bfloat16: "BF16",
  int64: "I64",
  int32: "I32",
  uint8: "U8",
  bool: "BOOL",
};
const TYPES = new Map(Object.entries(CODES).map(([dtype, code]) => [code, dtype as DType]));

/**
 * Reads the length of the header from a file's first bytes.
 *
 * @param prefix The first {@linkcode PREFIX} bytes, or fewer if the file has no more.
 * @param fileSize The size of the whole file in bytes.
 * @throws {Error} When no safetensors file begins like that; the message completes "Cannot read …: ".
 */
export function headerLength(prefix: Uint8Array<ArrayBuffer>, fileSize: number): number {
  if (prefix.length < PREFIX) {
    throw new Error(`it has ${fileSize} bytes, too few for a safetensors file`);
  }
  const length = Number(new DataView(prefix.buffer, prefix.byteOffset).getBigUint64(0, true));
  if (length > MAX_HEADER) {
    throw new Error("it does not start like a safetensors file");
  }
  if (length > fileSize - PREFIX) {
    throw new Error(`it is cut short: its header has ${length} bytes, the file ${fileSize}`);
  }
  return length;
}

/**
 * Reads and checks a header.
 *
 * @param bytes The header's bytes.
 * @param dataSize How many bytes of elements follow it.
 * @throws {Error} When it contradicts itself, the file or the format; the message completes "Cannot read …: ".
 */
export function parseHeader(bytes: Uint8Array<ArrayBuffer>, dataSize: number): SafetensorsHeader {
  const { [METADATA]: metadata = {}, ...tensors } = parseObject(bytes);
  if (!isRecord(metadata) || Object.values(metadata).some((value) => typeof value !== "string")) {
    throw new Error("its metadata is not a list of texts");
  }
  const entries = Object.entries(tensors).map(([name, entry]) => checkEntry(name, entry));
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let position = 0;
  for (const { name, begin, end } of entries) {
    if (begin !== position) {
      const fault = begin < position ? "overlaps the tensor before it" : "leaves a gap before it";
      throw new Error(`tensor ${quoted(name)} ${fault}`);
    }
    position = end;
  }
  if (position !== dataSize) {
    const fault = position > dataSize ? "it is cut short" : "it is too long";
    throw new Error(`${fault}: its tensors need ${position} bytes, ${dataSize} follow the header`);
  }
  return { entries, metadata: metadata as Record<string, string> };
}

/**
 * Lays tensors out and writes the header, prefix included. The widest types come first, which aligns every tensor
 * for readers that map the file.
 *
 * @param tensors What lies in the file.
 * @param metadata Free text that travels with it.
 * @param headSize Bytes to fill before the elements, a multiple of 8. Default: as few as it takes.
 * @returns The bytes before the elements, and the tensors in the order their elements must follow.
 */
export function layOut(
  tensors: readonly TensorFacts[],
  metadata: Record<string, string>,
  headSize = 0,
): { head: Uint8Array<ArrayBuffer>; entries: TensorEntry[] } {
  const ordered = tensors.toSorted((a, b) => bytesPerElement(b.dtype) - bytesPerElement(a.dtype));
  let position = 0;
  const entries = ordered.map(({ name, dtype, shape }) => {
    const begin = position;
    position += byteSize({ dtype, shape });
    return { name, dtype, shape, begin, end: position };
  });
  const json = JSON.stringify(Object.fromEntries([
    [METADATA, metadata],
    ...entries.map(({ name, dtype, shape, begin, end }) => [
      name,
      { dtype: CODES[dtype], shape, data_offsets: [begin, end] },
    ]),
  ]));
  const text = new TextEncoder().encode(json);
  const padded = Math.max(Math.ceil(text.length / 8) * 8, headSize - PREFIX);
  const head = new Uint8Array(PREFIX + padded).fill(0x20, PREFIX);
  new DataView(head.buffer).setBigUint64(0, BigInt(padded), true);
  head.set(text, PREFIX);
  return { head, entries };
}

/** What a header may hold before it is parsed: some hundred thousand tensors, however long their names. */
const MOST_VALUES = 2 ** 21;
/** Of `{"a": {"shape": [1]}}`. */
const DEEPEST = 3;

/** Walks over a header's brackets and commas, so that a parser is never given what would exhaust memory. */
function checkStructure(bytes: Uint8Array): void {
  const [quote, backslash, comma, brace, bracket] = Array.from('"\\,{[', (c) => c.charCodeAt(0));
  const [closingBrace, closingBracket] = [brace + 2, bracket + 2];
  let values = 0, depth = 0, isText = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte === quote) isText = !isText;
    else if (isText) i += byte === backslash ? 1 : 0;
    else if (byte === comma) values++;
    else if (byte === brace || byte === bracket) depth++, values++;
    else if (byte === closingBrace || byte === closingBracket) depth--;
    if (depth > DEEPEST) throw new Error("its header is nested deeper than tensors need");
    if (values > MOST_VALUES) throw new Error(`its header has more than ${MOST_VALUES} values`);
  }
}

function parseObject(bytes: Uint8Array<ArrayBuffer>): Record<string, unknown> {
  checkStructure(bytes);
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new Error("its header is not JSON; it is damaged or not a safetensors file");
  }
  if (!isRecord(parsed)) throw new Error("its header is not a list of tensors");
  return parsed;
}

function checkEntry(name: string, entry: unknown): TensorEntry {
  const fault = (what: string) => new Error(`tensor ${quoted(name)} ${what}`);
  if (!isRecord(entry)) throw fault("is not described");
  const { dtype: code, shape, data_offsets: offsets } = entry;
  const dtype = TYPES.get(code as string);
  if (dtype === undefined) {
    throw fault(
      `has ${
        typeof code === "string" ? `the type ${quoted(code)}` : "no type"
      }; readable types are ${[...TYPES.keys()].join(", ")}`,
    );
  }
  if (!isShape(shape)) throw fault("has an impossible shape");
  if (!isCounts(offsets) || offsets.length !== 2 || offsets[0] > offsets[1]) {
    throw fault("has impossible data_offsets");
  }
  const [begin, end] = offsets;
  const needed = byteSize({ dtype, shape });
  if (needed !== end - begin) {
    throw fault(
      `of shape [${shape.join(", ")}] needs ${needed} bytes and is given ${end - begin}`,
    );
  }
  return { name, dtype, shape, begin, end };
}

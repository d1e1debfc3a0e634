import { crc32 } from "node:zlib";
import { writeAll } from "../atomic_file.ts";
import { SIGNATURE, SIZE, TOO_LARGE, TOO_MANY, ZIP64_FIELD, type ZipEntry } from "./format.ts";

/** PyTorch aligns what it stores, so that files can be mapped; the gap is an extra field of this name. */
const ALIGNMENT = 64;
const PADDING_FIELD = 0x4246;
const VERSION = 45; // of the format, the first with 64-bit sizes

/** Writes a zip archive of files stored as they are, one after the other. */
export class ZipWriter {
  readonly #file: Deno.FsFile;
  readonly #entries: Pick<ZipEntry, "name" | "size" | "crc" | "header">[] = [];
  #position = 0;

  /** @param file Where the archive goes, empty. */
  constructor(file: Deno.FsFile) {
    this.#file = file;
  }

  /** Adds a file. */
  add(name: string, content: Uint8Array<ArrayBuffer>): void {
    const path = new TextEncoder().encode(name);
    const [size, crc, header] = [content.length, crc32(content), this.#position];
    const wide = wideField([size, size]);
    const before = header + SIZE.local + path.length + wide.length + 4;
    const padding = (ALIGNMENT - before % ALIGNMENT) % ALIGNMENT;
    const local = record(SIGNATURE.local, SIZE.local);
    local.setUint16(4, VERSION, true);
    local.setUint32(14, crc, true);
    local.setUint32(18, narrow(size), true);
    local.setUint32(22, narrow(size), true);
    local.setUint16(26, path.length, true);
    local.setUint16(28, wide.length + 4 + padding, true);
    this.#write(local, path, wide, field(PADDING_FIELD, new Uint8Array(padding)));
    this.#entries.push({ name, size, crc, header });
    this.#write(content);
  }

  /** Ends the archive with its directory. Nothing can be added afterwards. */
  finish(): void {
    const begin = this.#position;
    for (const { name, size, crc, header } of this.#entries) {
      const path = new TextEncoder().encode(name);
      const wide = wideField([size, size, header]);
      const central = record(SIGNATURE.central, SIZE.central);
      central.setUint16(4, VERSION, true);
      central.setUint16(6, VERSION, true);
      central.setUint32(16, crc, true);
      central.setUint32(20, narrow(size), true);
      central.setUint32(24, narrow(size), true);
      central.setUint16(28, path.length, true);
      central.setUint16(30, wide.length, true);
      central.setUint32(42, narrow(header), true);
      this.#write(central, path, wide);
    }
    this.#writeEnd(begin, this.#position - begin);
  }

  #writeEnd(begin: number, size: number): void {
    const count = this.#entries.length;
    const end64 = record(SIGNATURE.end64, SIZE.end64);
    end64.setBigUint64(4, BigInt(SIZE.end64 - 12), true);
    end64.setUint16(12, VERSION, true);
    end64.setUint16(14, VERSION, true);
    [count, count, size, begin].forEach((value, i) =>
      end64.setBigUint64(24 + 8 * i, BigInt(value), true)
    );
    const locator = record(SIGNATURE.locator64, SIZE.locator64);
    locator.setBigUint64(8, BigInt(this.#position), true);
    locator.setUint32(16, 1, true);
    const end = record(SIGNATURE.end, SIZE.end);
    end.setUint16(8, Math.min(count, TOO_MANY), true);
    end.setUint16(10, Math.min(count, TOO_MANY), true);
    end.setUint32(12, narrow(size), true);
    end.setUint32(16, narrow(begin), true);
    this.#write(end64, locator, end);
  }

  #write(...parts: (DataView<ArrayBuffer> | Uint8Array<ArrayBuffer>)[]): void {
    for (const part of parts) {
      writeAll(this.#file, new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
      this.#position += part.byteLength;
    }
  }
}

function record(signature: number, size: number): DataView<ArrayBuffer> {
  const bytes = new DataView(new ArrayBuffer(size));
  bytes.setUint32(0, signature, true);
  return bytes;
}

/** An extra field: what it is, its length, its content. */
function field(id: number, content: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4 + content.length);
  const head = new DataView(bytes.buffer);
  head.setUint16(0, id, true);
  head.setUint16(2, content.length, true);
  bytes.set(content, 4);
  return bytes;
}

/** The extra field with those numbers that do not fit into 32 bits; nothing when all do. */
function wideField(numbers: readonly number[]): Uint8Array<ArrayBuffer> {
  const wide = numbers.filter((number) => number >= TOO_LARGE);
  if (wide.length === 0) return new Uint8Array(0);
  return field(ZIP64_FIELD, new Uint8Array(BigUint64Array.from(wide, BigInt).buffer));
}

function narrow(number: number): number {
  return Math.min(number, TOO_LARGE);
}

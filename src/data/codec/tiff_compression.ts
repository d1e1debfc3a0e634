/**
 * Unpacks the blocks of TIFF files.
 *
 * @module
 */
import { zstdDecompressSync } from "node:zlib";
import { unpackFax } from "./ccitt.ts";
import { inflate } from "./inflate.ts";
import { LzwStrings } from "./lzw.ts";
import type { TiffDirectory } from "./tiff_directory.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** What a block unpacks to. */
interface UnpackedBlock {
  /** The value of the Compression tag. */
  readonly compression: number;
  /** Bytes; no more are produced. */
  readonly size: number;
  /** Columns and rows. */
  readonly columns: number;
  readonly rows: number;
  /** The tags. */
  readonly directory: TiffDirectory;
}

type Unpack = (block: Bytes, unpacked: UnpackedBlock) => Bytes;

const METHODS: Readonly<Record<number, Unpack>> = {
  1: (block) => block,
  2: (block, unpacked) => unpackFax(block, { ...unpacked, group: 2 }),
  3: (block, unpacked) =>
    unpackFax(block, {
      ...unpacked,
      group: 3,
      isTwoDimensional: (unpacked.directory.first(FAX_OPTIONS, 0) & 1) === 1,
    }),
  4: (block, unpacked) => unpackFax(block, { ...unpacked, group: 4 }),
  5: lzw,
  8: deflate,
  32773: packBits,
  32946: deflate,
  50000: (block, { size }) =>
    zstdDecompressSync(block, { maxOutputLength: 2 * size + 2 ** 16 }) as Bytes,
};
const FAX_OPTIONS = 292;

/** Known methods that are not read. */
const UNREAD: Readonly<Record<number, string>> = {
  6: "old JPEG",
  32809: "ThunderScan",
  33003: "JPEG 2000",
  34676: "SGI Log",
  34677: "SGI Log 24",
  34712: "JPEG 2000",
  34887: "LERC",
  34925: "LZMA",
  50001: "WebP",
  50002: "JPEG XL",
};

/**
 * Unpacks one strip or tile.
 *
 * @throws {Error} If the block is damaged, or compressed in another way.
 */
export function decompress(block: Bytes, unpacked: UnpackedBlock): Bytes {
  const { compression, size } = unpacked;
  const unpack = METHODS[compression];
  if (unpack === undefined) {
    throw new Error(`compression by ${UNREAD[compression] ?? `method ${compression}`} is not read`);
  }
  const bytes = unpack(block, unpacked);
  if (bytes.length < size) throw new Error("a block is cut off");
  return bytes.subarray(0, size);
}

/** Deflate, whose checksum is all that tells of damage. */
function deflate(block: Bytes, { size }: UnpackedBlock): Bytes {
  const { bytes, hasWrongChecksum } = inflate(block, size);
  if (hasWrongChecksum) throw new Error("the checksum of a block is wrong");
  return bytes;
}

/** Byte runs (TIFF 6.0, section 9). */
function packBits(block: Bytes, { size }: UnpackedBlock): Bytes {
  const output = new Uint8Array(size);
  let to = 0;
  for (let at = 0; at < block.length && to < size;) {
    const header = block[at++];
    if (header < 128) {
      output.set(block.subarray(at, at + Math.min(header + 1, size - to)), to);
      to += header + 1;
      at += header + 1;
    } else if (header > 128) {
      output.fill(block[at++], to, to + 257 - header);
      to += 257 - header;
    }
  }
  return output.subarray(0, Math.min(to, size));
}

/** Codes of 9 to 12 bits, high bit first, widened one code early (TIFF 6.0, section 13). */
function lzw(block: Bytes, { size }: UnpackedBlock): Bytes {
  if (block[0] === 0 && (block[1] & 1) === 1) { // a first code of 256, whose low bits come first
    throw new Error("LZW as it was before TIFF 5.0 is not read: save it anew");
  }
  const strings = new LzwStrings(size, 8);
  let [at, bits, held] = [0, 0, 0];
  while (!strings.isFull) {
    const { next } = strings;
    const width = next < 511 ? 9 : next < 1023 ? 10 : next < 2047 ? 11 : 12;
    while (held < width && at < block.length) {
      bits = ((bits << 8) | block[at++]) & 0xffffff;
      held += 8;
    }
    if (held < width) break;
    held -= width;
    const code = (bits >>> held) & ((1 << width) - 1);
    if (code === strings.endCode) break;
    if (code === strings.clearCode) strings.clear();
    else if (next > 4095) throw new Error("more codes than fit 12 bits");
    else strings.write(code);
  }
  return strings.output.subarray(0, strings.length);
}

/**
 * Unpacks the blocks of TIFF files.
 *
 * @module
 */
import { inflateSync } from "node:zlib";

/**
 * Unpacks one strip or tile.
 *
 * @param compression The value of the Compression tag.
 * @param size Bytes the block holds unpacked; no more are produced.
 * @throws {Error} If the block is damaged, or compressed in another way.
 */
export function decompress(block: Uint8Array, compression: number, size: number): Uint8Array {
  const unpack = METHODS[compression];
  if (unpack === undefined) throw new Error(`compression method ${compression}`);
  const unpacked = unpack(block, size);
  if (unpacked.length < size) throw new Error("a block is cut off");
  return unpacked;
}

const METHODS: Record<number, (block: Uint8Array, size: number) => Uint8Array> = {
  1: (block) => block,
  5: lzw,
  8: inflate,
  32773: packBits,
  32946: inflate,
};

function inflate(block: Uint8Array, size: number): Uint8Array {
  return new Uint8Array(inflateSync(block, { maxOutputLength: Math.max(size, 1) }));
}

/** Byte runs (TIFF 6.0, section 9). */
function packBits(block: Uint8Array, size: number): Uint8Array {
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

const CLEAR = 256;
const END = 257;

/** Codes of 9 to 12 bits, high bit first, widened one code early (TIFF 6.0, section 13). */
function lzw(block: Uint8Array, size: number): Uint8Array {
  const output = new Uint8Array(size);
  // Every code's string is a stretch of the output: where it begins and how long it is.
  const starts = new Int32Array(4096);
  const lengths = new Int32Array(4096);
  let next = END + 1;
  let to = 0;
  let bits = 0;
  let held = 0;
  let previous = -1;
  for (let at = 0; to < size;) {
    const width = next < 511 ? 9 : next < 1023 ? 10 : next < 2047 ? 11 : 12;
    while (held < width && at < block.length) {
      bits = ((bits << 8) | block[at++]) & 0xffffff;
      held += 8;
    }
    if (held < width) break;
    held -= width;
    const code = (bits >>> held) & ((1 << width) - 1);
    if (code === END) break;
    if (code === CLEAR) {
      next = END + 1;
      previous = -1;
      continue;
    }
    if (code > next || (code === next && previous < 0) || next > 4095) throw new Error("LZW code");
    const start = to;
    if (code < CLEAR) output[to++] = code;
    else {
      // A code not yet defined is the previous string and its first byte, just written.
      const from = code === next ? previous : starts[code];
      const length = code === next ? start - previous + 1 : lengths[code];
      for (let i = 0; i < length && to < size; i++) output[to++] = output[from + i];
    }
    if (previous >= 0) {
      starts[next] = previous;
      lengths[next++] = start - previous + 1;
    }
    previous = start;
  }
  return output.subarray(0, to);
}

/**
 * Decompression whose output is bounded.
 *
 * @module
 */
import { constants, inflateRawSync } from "node:zlib";

/** Bytes before and after the raw data of a zlib stream: its header and its checksum. */
const HEADER_BYTES = 2;
/** What each byte of Deflate can unpack to at most. */
const MOST_PER_BYTE = 1032;

/**
 * Unpacks a zlib stream (RFC 1950) to a number of bytes. Surplus bytes are left, and the checksum is not looked at: neither
 * changes what comes before, and Pillow reads such files.
 *
 * @param data The stream.
 * @param size Bytes that are wanted. Memory is bounded by three times as many.
 * @returns The bytes, fewer where the stream ends early.
 * @throws {Error} If the stream is damaged.
 */
export function inflate(data: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const isZlib = data.length >= HEADER_BYTES && (data[0] & 15) === 8 &&
    (data[0] << 8 | data[1]) % 31 === 0;
  if (!isZlib) throw new Error("its compressed data are damaged");
  const most = Math.min(size, MOST_PER_BYTE * data.length);
  let output: Uint8Array<ArrayBuffer>;
  try {
    output = inflateRawSync(data.subarray(HEADER_BYTES), {
      chunkSize: Math.max(64, most),
      maxOutputLength: 2 * most + 2 ** 16,
      finishFlush: constants.Z_SYNC_FLUSH,
    }) as Uint8Array<ArrayBuffer>;
  } catch (error) {
    throw new Error("its compressed data are damaged", { cause: error });
  }
  return output.subarray(0, size);
}

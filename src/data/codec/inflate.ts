/**
 * Decompression whose output is bounded.
 *
 * @module
 */
import { constants, inflateRawSync, inflateSync } from "node:zlib";

/** Bytes before the raw data of a zlib stream. */
const HEADER_BYTES = 2;
/** What each byte of Deflate can unpack to at most. */
const MOST_PER_BYTE = 1032;

/** What zlib says of a stream whose last four bytes are not the checksum of what it unpacks to. */
const WRONG_CHECKSUM = "incorrect data check";

/** What a zlib stream holds. */
interface Inflated {
  /** The bytes, fewer than were wanted where the stream ends early. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Whether a checksum follows that is not theirs. */
  readonly hasWrongChecksum: boolean;
}

/**
 * Unpacks a zlib stream (RFC 1950) to a number of bytes. Surplus bytes are left, and a wrong or missing checksum is passed
 * over: neither changes what comes before, and Pillow reads such files.
 *
 * @param data The stream.
 * @param size Bytes that are wanted. Memory is bounded by three times as many.
 * @throws {Error} If the stream is damaged.
 */
export function inflate(data: Uint8Array, size: number): Inflated {
  const isZlib = data.length >= HEADER_BYTES && (data[0] & 15) === 8 &&
    (data[0] << 8 | data[1]) % 31 === 0;
  if (!isZlib) throw new Error("its compressed data are damaged");
  const most = Math.min(size, MOST_PER_BYTE * data.length);
  const options = {
    chunkSize: Math.max(64, most),
    maxOutputLength: 2 * most + 2 ** 16,
    finishFlush: constants.Z_SYNC_FLUSH,
  };
  const unpack = (method: typeof inflateSync, input: Uint8Array) =>
    (method(input, options) as Uint8Array<ArrayBuffer>).subarray(0, size);
  try {
    return { bytes: unpack(inflateSync, data), hasWrongChecksum: false };
  } catch (error) {
    const hasWrongChecksum = (error as Error).message === WRONG_CHECKSUM;
    if (hasWrongChecksum) {
      return { bytes: unpack(inflateRawSync, data.subarray(HEADER_BYTES)), hasWrongChecksum };
    }
    throw new Error("its compressed data are damaged", { cause: error });
  }
}

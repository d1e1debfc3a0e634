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
  /** Whether the checksum right behind them is not theirs. */
  readonly hasWrongChecksum: boolean;
}

/**
 * Unpacks a zlib stream (RFC 1950) to a number of bytes. Surplus bytes are left, as Pillow leaves them, and a wrong or
 * missing checksum is passed over.
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
  try {
    const bytes = inflateSync(data, options) as Uint8Array<ArrayBuffer>;
    return { bytes: bytes.subarray(0, size), hasWrongChecksum: false };
  } catch (error) {
    if ((error as Error).message !== WRONG_CHECKSUM) {
      throw new Error("its compressed data are damaged", { cause: error });
    }
    const bytes = inflateRawSync(data.subarray(HEADER_BYTES), options) as Uint8Array<ArrayBuffer>;
    return { bytes: bytes.subarray(0, size), hasWrongChecksum: bytes.length <= size };
  }
}

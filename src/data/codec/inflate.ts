/**
 * Decompression whose output is bounded.
 *
 * @module
 */
import { constants, inflateRawSync, inflateSync } from "node:zlib";

/** Bytes before the raw data of a zlib stream. */
const HEADER_BYTES = 2;
/** The most bytes that a byte of Deflate can unpack to. */
const MOST_PER_BYTE = 1032;

/** zlib's message for a stream whose checksum does not match its contents. */
const WRONG_CHECKSUM = "incorrect data check";

/** What a zlib stream holds. */
interface Inflated {
  /** The bytes, fewer than were wanted where the stream ends early. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Whether the checksum that follows them does not match. */
  readonly hasWrongChecksum: boolean;
}

/**
 * Unpacks a zlib stream (RFC 1950) to a number of bytes. As in Pillow, surplus bytes are ignored, damaged or not. A wrong
 * or missing checksum is no error.
 *
 * @param data The stream.
 * @param size How many bytes are wanted. Memory is bounded by three times as many.
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
      const bytes = beforeDamage(data, size);
      if (bytes !== undefined) return { bytes, hasWrongChecksum: false };
      throw new Error("its compressed data are damaged", { cause: error });
    }
    const bytes = inflateRawSync(data.subarray(HEADER_BYTES), options) as Uint8Array<ArrayBuffer>;
    return { bytes: bytes.subarray(0, size), hasWrongChecksum: bytes.length <= size };
  }
}

/** The first bytes of a damaged stream, or undefined where the damage comes before their end. */
function beforeDamage(data: Uint8Array, size: number): Uint8Array<ArrayBuffer> | undefined {
  if (size > MOST_PER_BYTE * data.length) return undefined;
  const options = { chunkSize: Math.max(64, size), finishFlush: constants.Z_SYNC_FLUSH };
  const unpack = (length: number, most: number) => {
    try {
      return inflateSync(data.subarray(0, length), { ...options, maxOutputLength: most });
    } catch (error) {
      return (error as { code?: unknown }).code === "ERR_BUFFER_TOO_LARGE" ? "enough" : "damaged";
    }
  };
  if (unpack(data.length, size - 1) !== "enough") return undefined;
  // zlib returns nothing once it meets damage, so the stream is cut between these bytes and the damage.
  for (let [short, long] = [HEADER_BYTES, data.length]; short < long;) {
    const middle = (short + long) >> 1;
    const found = unpack(middle, 2 * size + 2 ** 16);
    if (typeof found === "string") long = middle;
    else if (found.length < size) short = middle + 1;
    else return (found as Uint8Array<ArrayBuffer>).subarray(0, size);
  }
}

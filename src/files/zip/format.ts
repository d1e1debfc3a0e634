/**
 * The parts of a zip archive, with 64-bit sizes where they are needed. Numbers are little-endian.
 *
 * Source: PKWARE's APPNOTE, sections 4.3, 4.4.5, 4.5.3 and 4.6.9.
 *
 * @module
 */

/** First bytes of each record. */
export const SIGNATURE = {
  local: 0x04034b50,
  central: 0x02014b50,
  end: 0x06054b50,
  end64: 0x06064b50,
  locator64: 0x07064b50,
} as const;

/** Bytes of each record, without the names and extra fields that follow some. */
export const SIZE = { local: 30, central: 46, end: 22, end64: 56, locator64: 20 } as const;

/** Stands for a number that does not fit and is given in a 64-bit field. */
export const TOO_LARGE = 0xffffffff;

/** As {@linkcode TOO_LARGE}, for the number of entries. */
export const TOO_MANY = 0xffff;

/** Extra fields: the 64-bit numbers. */
export const ZIP64_FIELD = 1;

/** Extra fields: the name in UTF-8, behind a version and the checksum of the name that it stands for. */
export const NAME_FIELD = 0x7075;

/** How a file's bytes are packed. */
export const METHOD = { stored: 0, deflated: 8 } as const;

/** One file in an archive, as the directory lists it. */
export interface ZipEntry {
  /** Its path in the archive. */
  readonly name: string;
  /** Where its own header lies, which its bytes follow. */
  readonly header: number;
  /** The byte that its bytes end before: what follows it in the archive. */
  readonly limit: number;
  /** One of {@linkcode METHOD}, or another that cannot be read. */
  readonly method: number;
  /** Whether its bytes are encrypted. */
  readonly isEncrypted: boolean;
  /** Whether it is a symbolic link, whose bytes are where it leads to. */
  readonly isLink: boolean;
  /** How many bytes it takes in the archive. */
  readonly packedSize: number;
  /** Its length in bytes. */
  readonly size: number;
  /** The checksum of its content; 0 where none was taken. */
  readonly crc: number;
}

/** A view of all bytes of an array. */
export function viewOf(bytes: Uint8Array<ArrayBuffer>): DataView<ArrayBuffer> {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/**
 * The parts of a zip archive that PyTorch's files use: everything stored, nothing compressed, 64-bit sizes where they
 * are needed. Numbers are little-endian.
 *
 * Source: PKWARE's APPNOTE, sections 4.3 and 4.5.3.
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

/** One file in an archive. */
export interface ZipEntry {
  /** Its path in the archive. */
  readonly name: string;
  /** Its first byte in the archive. */
  readonly begin: number;
  /** Its length in bytes. */
  readonly size: number;
  /** Its checksum; 0 where none was taken. */
  readonly crc: number;
}

/**
 * The digest that a safetensors file carries of itself: the SHA-256 of all its bytes, in which the 64 digits of the digest
 * are zeros. It lies in the metadata, so that other readers see one text more.
 *
 * @module
 */
import { createHash, type Hash } from "node:crypto";

/** The name of the digest in the metadata. */
export const DIGEST = "sha256";

const DIGITS = 64;
const MARK = `"${DIGEST}":"`;
const BLOCK = 4 * 2 ** 20;

/** Stands for the digest until it is known. */
export const NO_DIGEST = "0".repeat(DIGITS);

/** Bytes of a file, from a position on. */
type ReadBytes = (position: number, count: number) => Uint8Array;

/** A hash to feed a file's bytes to, in order and with {@linkcode NO_DIGEST} for its digest. */
export function newDigest(): Hash {
  return createHash("sha256");
}

/** Where the digits of the digest begin in a file's head, or undefined where it has none. */
export function digestPosition(head: Uint8Array): number | undefined {
  // Inside a text its quotes would be escaped: what is found is the entry of the metadata.
  const at = new TextDecoder("latin1").decode(head).indexOf(MARK);
  return at < 0 ? undefined : at + MARK.length;
}

/**
 * Whether a file is as it was written.
 *
 * @param read Reads the file.
 * @param sizes Bytes of its head, and of the whole file.
 * @returns Undefined where the file carries no digest.
 */
export function agreesWithDigest(
  read: ReadBytes,
  sizes: { readonly head: number; readonly file: number },
): boolean | undefined {
  const head = read(0, sizes.head).slice();
  const position = digestPosition(head);
  if (position === undefined) return undefined;
  const digits = head.subarray(position, position + DIGITS);
  const expected = new TextDecoder("latin1").decode(digits);
  digits.fill(NO_DIGEST.charCodeAt(0));
  const hash = newDigest().update(head);
  for (let at = sizes.head; at < sizes.file; at += BLOCK) {
    hash.update(read(at, Math.min(BLOCK, sizes.file - at)));
  }
  return hash.digest("hex") === expected;
}

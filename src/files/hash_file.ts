import { createHash } from "node:crypto";

const BLOCK = 2 ** 20;

/**
 * The SHA-256 of a file's content in hexadecimal digits. The file is read in small pieces.
 *
 * @throws {Error} When it cannot be read.
 */
export function hashFile(path: string): string {
  try {
    using file = Deno.openSync(path);
    const hash = createHash("sha256");
    const block = new Uint8Array(BLOCK);
    for (let count = file.readSync(block); count !== null; count = file.readSync(block)) {
      hash.update(block.subarray(0, count));
    }
    return hash.digest("hex");
  } catch (cause) {
    throw new Error(`Cannot read "${path}": ${(cause as Error).message}`, { cause });
  }
}

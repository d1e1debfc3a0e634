import { createHash } from "node:crypto";
import type { ImageFolder } from "./folder.ts";

/**
 * Tells whether a folder's images may have changed: the SHA-256 of their paths, sizes and times of change. Where the folder
 * lies plays no part.
 *
 * @returns Hexadecimal digits.
 */
export function fingerprint({ root, paths }: ImageFolder): string {
  const hash = createHash("sha256");
  for (const path of paths) hash.update(JSON.stringify([path, ...stateOf(`${root}/${path}`)]));
  return hash.digest("hex");
}

function stateOf(path: string): unknown[] {
  try {
    const { size, mtime } = Deno.statSync(path);
    return [size, mtime?.getTime()];
  } catch {
    return []; // gone: that shows when it is to be decoded
  }
}

import { createHash } from "node:crypto";
import { type ImageFolder, locate } from "./folder.ts";

/**
 * Tells whether a folder's images may have changed: the SHA-256 of their paths, and of the sizes and times of change of
 * their files. Where the folder lies plays no part.
 *
 * @returns Hexadecimal digits.
 */
export function fingerprint(folder: ImageFolder): string {
  const hash = createHash("sha256");
  let last = "", state: unknown[] = [];
  folder.paths.forEach((path, index) => {
    const file = locate(folder, index).path;
    if (file !== last) [last, state] = [file, stateOf(file)]; // shards hold many images
    hash.update(JSON.stringify([path, ...state]));
  });
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

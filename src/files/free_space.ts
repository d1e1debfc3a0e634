import { dirname } from "@std/path";
import { statfsSync } from "node:fs";

/**
 * Bytes that may still be written to the disk of a path.
 *
 * @param path A file or folder; where it is missing, it is one that is going to be made.
 * @returns Undefined where the system does not tell.
 */
export function freeSpace(path: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize;
  } catch {
    const above = dirname(path);
    return above === path ? undefined : freeSpace(above);
  }
}

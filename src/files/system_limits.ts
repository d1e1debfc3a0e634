/**
 * How much the system lets this process have.
 *
 * @module
 */
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

/** How many files this process may have open at once; undefined where the system does not tell or sets no limit. */
export function openFileLimit(): number | undefined {
  try {
    const limits = Deno.readTextFileSync("/proc/self/limits");
    const limit = Number(/^Max open files +(\d+) /m.exec(limits)?.[1]);
    return Number.isNaN(limit) ? undefined : limit;
  } catch {
    return undefined;
  }
}

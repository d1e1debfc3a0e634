import { writeTextAtomically } from "../../src/files/atomic_file.ts";
import type { BrokenFile } from "../../src/data/broken_files.ts";
import type { ImageFolder } from "../../src/data/folder.ts";

/**
 * Writes results as JSON, and says where.
 *
 * @throws {Error} If the file cannot be written.
 */
export function writeResults(output: string, results: Record<string, unknown>): void {
  writeTextAtomically(output, JSON.stringify(results, null, 2) + "\n");
  console.log(`Results are in ${output}`);
}

/** Names the files that took no part. */
export function tellLeftOut({ root }: ImageFolder, brokenFiles: readonly BrokenFile[]): void {
  for (const { path, reason } of brokenFiles) console.error(`Left out ${root}/${path}: ${reason}`);
}

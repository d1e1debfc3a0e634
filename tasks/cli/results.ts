import type { BrokenFile } from "../../src/data/broken_files.ts";
import type { ImageFolder } from "../../src/data/folder.ts";
import { describeShared } from "../../src/data/shared_images.ts";
import { writeTextAtomically } from "../../src/files/atomic_file.ts";
import { shownPath } from "./paths.ts";
import { printLine } from "./print.ts";
import { stderr } from "./terminal.ts";

/**
 * Writes results as JSON, and says where.
 *
 * @throws {Error} If the file cannot be written, or that cannot be printed.
 */
export function writeResults(output: string, results: Record<string, unknown>): void {
  writeTextAtomically(output, JSON.stringify(results, null, 2) + "\n");
  printLine(`Wrote results to ${shownPath(output)}`);
}

/** Warns of images that a result was learned from and is tested on. */
export function tellShared(shared: readonly string[], folder: ImageFolder): void {
  const line = describeShared(shared, folder);
  if (line !== undefined) stderr.line(line);
}

/** Names the files that took no part. */
export function tellSkipped({ root }: ImageFolder, brokenFiles: readonly BrokenFile[]): void {
  for (const { path, reason } of brokenFiles) {
    stderr.line(`Skipped ${root}/${path}: ${reason}`);
  }
}

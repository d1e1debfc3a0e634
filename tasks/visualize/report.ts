import type { BrokenFile } from "../../src/data/broken_files.ts";
import { shownPath } from "../cli/paths.ts";
import { printable } from "../../src/files/printable.ts";
import { stderr, stdout } from "../cli/terminal.ts";

/** Tells which files were written. */
export function reportPictures(paths: readonly string[]): void {
  for (const path of paths) stdout.line(`Wrote ${shownPath(path)}`);
}

/** Tells which images could not be shown. */
export function reportBroken(brokenFiles: readonly BrokenFile[]): void {
  for (const { path, reason } of brokenFiles) {
    stderr.line(`Skipped ${printable(path)}: ${printable(reason)}`);
  }
}

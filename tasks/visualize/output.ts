/**
 * Where pictures go, and what is said of them.
 *
 * @module
 */
import { relative, resolve } from "@std/path";
import type { BrokenFile } from "../../src/data/broken_files.ts";
import { shownPath } from "../cli/paths.ts";
import { printLine } from "../cli/print.ts";
import { stderr } from "../cli/terminal.ts";

/**
 * Refuses to put pictures among the images, where the next command would take them for some.
 *
 * @throws {Error} If the folder of pictures is that of the images or lies in it.
 */
export function checkOutput(output: string, data: string): void {
  const way = relative(resolve(data), resolve(output));
  if (way === "" || !(way === ".." || way.startsWith("../"))) {
    throw new Error(
      `Cannot write pictures to ${output}: it is inside the image folder ${data}. ` +
        "Pass a folder outside it with --output",
    );
  }
}

/** Tells which files were written. */
export function reportPictures(paths: readonly string[]): void {
  for (const path of paths) printLine(`Wrote ${shownPath(path)}`);
}

/** Tells which images could not be shown. */
export function reportBroken(brokenFiles: readonly BrokenFile[]): void {
  for (const { path, reason } of brokenFiles) {
    stderr.line(`Skipped ${path}: ${reason}`);
  }
}

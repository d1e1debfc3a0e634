import type { BrokenFile } from "../../src/data/broken_files.ts";
import type { ImageFolder } from "../../src/data/folder.ts";

/** Tells which files were written. */
export function reportPictures(paths: readonly string[]): void {
  for (const path of paths) console.log(`Wrote ${path}`);
}

/** Tells which images could not be shown. */
export function reportBroken({ root }: ImageFolder, brokenFiles: readonly BrokenFile[]): void {
  for (const { path, reason } of brokenFiles) console.error(`Left out ${root}/${path}: ${reason}`);
}

import { dirname } from "@std/path";

/** The ending of files that are being written, or were when the process was killed. */
export const PARTIAL = ".partial";

/**
 * Writes a file so that whatever happens, the path holds either what it held before or the whole new content:
 * into a neighbour with the ending {@linkcode PARTIAL}, then to the disk, then by renaming.
 *
 * @param path The file to write or replace. Its folder is made where it is missing.
 * @param write Writes the content from beginning to end.
 * @throws {Error} When the content could not be written; the old file is as it was then.
 */
export function writeAtomically(path: string, write: (file: Deno.FsFile) => void): void {
  const partial = path + PARTIAL;
  try {
    Deno.mkdirSync(dirname(path), { recursive: true });
    using file = Deno.openSync(partial, { write: true, create: true, truncate: true });
    write(file);
    file.syncSync();
    Deno.renameSync(partial, path);
  } catch (cause) {
    removeIfThere(partial);
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Cannot write "${path}", which is left as it was: ${reason}`, { cause });
  }
  syncFolder(dirname(path));
}

/** Writes a text file with the same promise as {@linkcode writeAtomically}. */
export function writeTextAtomically(path: string, text: string): void {
  writeAtomically(path, (file) => writeAll(file, new TextEncoder().encode(text)));
}

/** Writes all bytes; a single `writeSync` may write only some. */
export function writeAll(file: Deno.FsFile, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) written += file.writeSync(bytes.subarray(written));
}

/** Makes a renaming in a folder last through a power cut. */
export function syncFolder(path: string): void {
  try {
    using folder = Deno.openSync(path);
    folder.syncSync();
  } catch {
    // Not every file system can do this for a folder; the file itself is safe.
  }
}

/** Removes a file, if it is there and can be removed. */
export function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // What stops the writing may stop this too. Nobody takes a file of this ending for a whole one.
  }
}

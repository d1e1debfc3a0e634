import { dirname } from "@std/path";

/** The ending of files that are being written, or were when the process was killed. */
export const PARTIAL = ".partial";

const PARTIAL_NAME = /^(.+?)(\.[0-9a-f]{8})?\.partial$/;

/** What a file will be called that is being written, or was when the process was killed; undefined for other names. */
export function wholeName(name: string): string | undefined {
  return PARTIAL_NAME.exec(name)?.[1];
}

/**
 * Writes a file so that whatever happens, the path holds either what it held before or the whole new content:
 * into a neighbour with the ending {@linkcode PARTIAL}, then to the disk, then by renaming. Writers of one path that run at
 * once have a neighbour each.
 *
 * @param path The file to write or replace. Its folder is made where it is missing.
 * @param write Writes the content from beginning to end.
 * @throws {Error} When the content could not be written; the old file is as it was then.
 */
export function writeAtomically(path: string, write: (file: Deno.FsFile) => void): void {
  let partial = path + PARTIAL;
  try {
    Deno.mkdirSync(dirname(path), { recursive: true });
    let alone = openAlone(partial);
    if (alone === undefined) {
      partial = `${path}.${crypto.randomUUID().slice(0, 8)}${PARTIAL}`;
      alone = Deno.openSync(partial, { write: true, createNew: true });
    }
    using file = alone;
    file.truncateSync(0);
    write(file);
    file.syncSync();
    Deno.renameSync(partial, path);
  } catch (cause) {
    removeIfThere(partial);
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Cannot write "${path}", which is unchanged: ${reason}`, { cause });
  }
  syncFolder(dirname(path));
}

/** Writes a text file with the same promise as {@linkcode writeAtomically}. */
export function writeTextAtomically(path: string, text: string): void {
  writeAtomically(path, (file) => writeAll(file, new TextEncoder().encode(text)));
}

/**
 * Opens a file, made where it is missing, that no other process writes as long as it is open; undefined if one does.
 *
 * @throws {Error} When it cannot be opened.
 */
export function openAlone(path: string): Deno.FsFile | undefined {
  const file = Deno.openSync(path, { read: true, write: true, create: true });
  if (file.tryLockSync(true) && isAt(path, file)) return file;
  file.close();
  return undefined;
}

/** Whether an open file still is the one of this path: until it was locked, its writer may have renamed it. */
function isAt(path: string, file: Deno.FsFile): boolean {
  try {
    return Deno.statSync(path).ino === file.statSync().ino;
  } catch {
    return false;
  }
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

/** Removes a file or an empty folder, if it is there and can be removed. */
export function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // What stops the writing may stop this too. Nobody takes a file of this ending for a whole one.
  }
}

/**
 * The names of a folder's files or of its folders; none where there is no such folder.
 *
 * @param folder The folder.
 * @param kind What to name.
 * @throws {Error} When the folder cannot be read.
 */
export function namesIn(folder: string, kind: "files" | "folders"): string[] {
  try {
    return Array.from(Deno.readDirSync(folder))
      .filter((entry) => kind === "files" ? entry.isFile : entry.isDirectory)
      .map((entry) => entry.name);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return [];
    throw new Error(`Cannot read the folder "${folder}": ${(cause as Error).message}`, { cause });
  }
}

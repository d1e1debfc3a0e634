import { join } from "@std/path";

/**
 * The names of a folder's files or of its folders; none where there is no such folder. Links are what they lead to, for
 * what Hugging Face downloads into its cache is a folder of links.
 *
 * @param folder The folder.
 * @param kind What to name.
 * @throws {Error} When the folder cannot be read.
 */
export function namesIn(folder: string, kind: "files" | "folders"): string[] {
  try {
    return Array.from(Deno.readDirSync(folder))
      .map((entry) => entry.isSymlink ? followed(folder, entry) : entry)
      .filter((entry) => kind === "files" ? entry.isFile : entry.isDirectory)
      .map((entry) => entry.name);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return [];
    throw new Error(`Cannot read the folder "${folder}": ${(cause as Error).message}`, { cause });
  }
}

/** What a link leads to, under its own name; neither file nor folder where that is nothing. */
function followed(folder: string, { name }: Deno.DirEntry): Omit<Deno.DirEntry, "isSymlink"> {
  try {
    const { isFile, isDirectory } = Deno.statSync(join(folder, name));
    return { name, isFile, isDirectory };
  } catch {
    return { name, isFile: false, isDirectory: false };
  }
}

/**
 * Whether a path leads to a file or a folder. Links are followed; nothing is there where it cannot be looked.
 *
 * @module
 */

/** Whether there is a file at a path. */
export function isFile(path: string): boolean {
  return factsOf(path)?.isFile === true;
}

/** Whether there is a folder at a path. */
export function isFolder(path: string): boolean {
  return factsOf(path)?.isDirectory === true;
}

function factsOf(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch {
    return undefined; // missing, or a link to nothing
  }
}

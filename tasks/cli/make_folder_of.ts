import { dirname } from "@std/path";

/**
 * Makes the folder of a file that is to be written, so that a mistyped one shows before the work and not after.
 *
 * @throws {Error} If it cannot be made.
 */
export function makeFolderOf(path: string): void {
  const folder = dirname(path);
  try {
    Deno.mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw new Error(`Cannot write results to ${folder}: ${(cause as Error).message}`, { cause });
  }
}

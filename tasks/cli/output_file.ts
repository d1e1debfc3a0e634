import { dirname, join } from "@std/path";
import { PARTIAL } from "../../src/files/atomic_file.ts";
import { isFolder } from "../../src/files/is_file.ts";

/**
 * Checks that a file can be written, and makes its folder: what cannot be written shows before the work and not after.
 *
 * @throws {Error} If it cannot.
 */
export function checkWritable(path: string): void {
  const probe = `${path}.${crypto.randomUUID().slice(0, 8)}${PARTIAL}`;
  try {
    Deno.mkdirSync(dirname(path), { recursive: true });
    if (isFolder(path)) throw new Error("it is a folder");
    Deno.openSync(probe, { write: true, createNew: true }).close();
    Deno.removeSync(probe);
  } catch (cause) {
    const reason = (cause as Error).message.replace(/: \w+ '.*'$/, ""); // names the probe
    throw new Error(`Cannot write ${path}: ${reason}`, { cause });
  }
}

/**
 * Checks that files can be written into a folder, and makes it.
 *
 * @throws {Error} If they cannot.
 */
export function checkWritableFolder(path: string): void {
  const file = join(path, "file");
  try {
    checkWritable(file);
  } catch (cause) {
    const reason = (cause as Error).message.slice(`Cannot write ${file}: `.length);
    throw new Error(`Cannot write into ${path}: ${reason}`, { cause });
  }
}

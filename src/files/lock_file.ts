import { dirname } from "@std/path";

/**
 * Locks a file, waiting for whoever holds it. The lock is the operating system's: it goes with the process, however that
 * ends, and two holders in one process exclude each other as well.
 *
 * @param path The file, which is made where it is missing, and stays when the lock is gone.
 * @param options What to call before waiting.
 * @returns The lock, until it is disposed of.
 * @throws {Error} If the file cannot be made or its file system has no locks.
 */
export async function lockFile(
  path: string,
  { onWait }: { readonly onWait?: () => void } = {},
): Promise<Disposable> {
  const file = open(path);
  try {
    if (!await file.tryLock(true)) {
      onWait?.();
      await file.lock(true);
    }
    return file;
  } catch (error) {
    file.close();
    throw refusal(path, error);
  }
}

function open(path: string): Deno.FsFile {
  try {
    Deno.mkdirSync(dirname(path), { recursive: true });
    return Deno.openSync(path, { create: true, write: true });
  } catch (error) {
    throw refusal(path, error);
  }
}

function refusal(path: string, cause: unknown): Error {
  return new Error(`Cannot lock "${path}": ${(cause as Error).message}`, { cause });
}

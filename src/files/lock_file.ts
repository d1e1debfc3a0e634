import { dirname } from "@std/path";

/** How a file is locked. */
export interface LockOptions {
  /** Whether nobody else may hold it at the same time; otherwise others may share it. Default: true. */
  readonly exclusive?: boolean;
}

/**
 * Locks a file, waiting for whoever holds it. The lock is the operating system's: it goes with the process, however that
 * ends, and two holders in one process exclude each other as well.
 *
 * @param path The file, which is made where it is missing, and stays when the lock is gone.
 * @param options How it is locked, and what to call before waiting.
 * @returns The lock, until it is disposed of.
 * @throws {Error} If the file cannot be made or its file system has no locks.
 */
export async function lockFile(
  path: string,
  { exclusive = true, onWait }: LockOptions & { readonly onWait?: () => void } = {},
): Promise<Disposable> {
  const file = open(path);
  try {
    if (!await file.tryLock(exclusive)) {
      onWait?.();
      await file.lock(exclusive);
    }
    return file;
  } catch (error) {
    file.close();
    throw refusal(path, error);
  }
}

/**
 * Locks a file if nobody holds it; see {@linkcode lockFile}.
 *
 * @returns The lock, until it is disposed of, or undefined if somebody else holds it.
 * @throws {Error} If the file cannot be made or its file system has no locks.
 */
export function tryLockFile(
  path: string,
  { exclusive = true }: LockOptions = {},
): Disposable | undefined {
  const file = open(path);
  try {
    if (file.tryLockSync(exclusive)) return file;
  } catch (error) {
    file.close();
    throw refusal(path, error);
  }
  file.close();
  return undefined;
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

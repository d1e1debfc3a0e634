import type { Handle } from "./handle.ts";
import { native } from "./library.ts";
import { results } from "./marshal.ts";

/** Thrown when host or device memory cannot hold a result. */
export class OutOfMemoryError extends Error {
  /** The name of the class. */
  override readonly name = "OutOfMemoryError";
}

// Numbered as ErrorKind in native/shim.h.
const CLASSES = [Error, Error, RangeError, TypeError, OutOfMemoryError];

const message = new Uint8Array(16384);
const decoder = new TextDecoder();

/** The error native code has noted since the last call, as the exception `what` should throw. */
function takeError(what: string): Error | undefined {
  const code = native.deino_take_error(message, message.length);
  if (code === 0) return undefined;
  const text = decoder.decode(message.subarray(0, code & 0xffffff)).trim().replace(/\.$/, "")
    .replaceAll(/\s*\n\s*/g, " ");
  const Class = CLASSES[code >> 24] ?? Error;
  return new Class(`Cannot run ${what}: ${text}`);
}

/**
 * Passes on a handle that native code returned; zero is an undefined tensor unless an error was noted.
 *
 * @throws The native error, as the built-in class that fits.
 */
export function produced(handle: bigint, what: string): Handle {
  if (handle === 0n) {
    const error = takeError(what);
    if (error !== undefined) throw error;
  }
  return handle as Handle;
}

/** The `count` handles that native code wrote to the shared result buffer. */
export function producedMany(count: number, what: string): Handle[] {
  if (count === 0) {
    const error = takeError(what);
    if (error !== undefined) throw error;
  }
  return Array.from(results.subarray(0, count)) as Handle[];
}

/** Passes on a status; zero is failure, so that counts come with one added. */
export function succeeded(status: number, what: string): number {
  if (status === 0) {
    throw takeError(what) ?? new Error(`Cannot run ${what}: it failed without a reason`);
  }
  return status;
}

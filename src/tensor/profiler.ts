import { succeeded } from "../ffi/errors.ts";
import { native } from "../ffi/library.ts";
import { text } from "../ffi/marshal.ts";

/** The file that the recording under way will be written to. */
let file: string | undefined;

/**
 * Starts recording every operator with its time on the host and, with CUDA, every kernel with its time on the device: what
 * `torch.profiler` records, by the same code of libtorch. It costs a few microseconds for each operator.
 *
 * @param path The file to write: JSON that [Perfetto](https://ui.perfetto.dev) and Chrome's `chrome://tracing` open.
 * @throws {Error} If a recording is under way, or the file cannot be written.
 */
export function startProfile(path: string): void {
  if (file !== undefined) {
    throw new Error(`Cannot start a profile: ${file} is already being recorded`);
  }
  Deno.writeTextFileSync(path, ""); // libtorch reports a file that it cannot write on standard error only
  succeeded(native.deino_profile_start(), "the profiler");
  file = path;
}

/**
 * Ends the recording and writes it.
 *
 * @throws {Error} If there is no recording, or the file cannot be written any more.
 */
export function stopProfile(): void {
  if (file === undefined) throw new Error("Cannot stop the profile: none is running");
  const path = file;
  file = undefined;
  const bytes = text(path);
  succeeded(native.deino_profile_stop(bytes, bytes.length), "the profiler");
  if (Deno.statSync(path).size === 0) throw new Error(`Cannot write the profile ${path}`);
}

/**
 * Runs `body`, whose operators are grouped under a name in a profile; PyTorch's `record_function`. It costs nothing while none is
 * recorded.
 *
 * @param name What is done.
 * @param body Does it; not asynchronous.
 * @returns What `body` returns.
 */
export function recordFunction<T>(name: string, body: () => T): T {
  if (file === undefined) return body();
  const bytes = text(name);
  succeeded(native.deino_range_push(bytes, bytes.length), "the profiler");
  try {
    return body();
  } finally {
    succeeded(native.deino_range_pop(), "the profiler");
  }
}

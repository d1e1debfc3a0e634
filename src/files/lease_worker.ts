/**
 * Renews a lease on a thread of its own, as long as the process lives.
 *
 * @module
 */
import { readHolder, RENEWAL, writeHolder } from "./lease.ts";

/** This thread, as the one that made it sees it. */
const self = globalThis as unknown as Worker;

self.onmessage = ({ data: { path, id } }: MessageEvent<{ path: string; id: string }>) => {
  setInterval(() => {
    if (readHolder(path)?.id !== id) return; // lost: whoever works in the folder asks before writing
    try {
      using file = Deno.openSync(path, { write: true });
      writeHolder(file, id);
    } catch {
      // the disk may be full: the next renewal may succeed
    }
  }, RENEWAL);
};

/**
 * Renews a lease on a thread of its own, as long as the process lives.
 *
 * @module
 */
import { readHolder, RENEWAL, type RenewerMessage, writeHolder } from "./lease.ts";

/** This thread, as the one that made it sees it. */
const self = globalThis as unknown as Worker;

let latest: RenewerMessage | undefined;

self.onmessage = ({ data }: MessageEvent<RenewerMessage>) => {
  if (latest === undefined) setInterval(renew, RENEWAL);
  latest = data;
};

function renew(): void {
  const { path, ...own } = latest!;
  try {
    using file = Deno.openSync(path, { write: true }); // first: given back meanwhile, another's may lie there
    if (readHolder(path)?.id !== own.id) return; // lost: its holder asks before it writes anything
    writeHolder(file, own);
  } catch {
    // It is gone, or the disk is full: then the next renewal may succeed.
  }
}

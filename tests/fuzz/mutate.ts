import type { Stream } from "../../src/random/stream.ts";

/**
 * A damaged copy of some bytes: one to eight of them changed, a stretch repeated, zeroed or cut out, or the end cut off.
 *
 * @param bytes The sound bytes.
 * @param stream Where chance comes from.
 */
export function mutate(bytes: Uint8Array, stream: Stream): Uint8Array<ArrayBuffer> {
  const place = (most = bytes.length - 1) => stream.integer(0, Math.max(0, most));
  const kind = stream.integer(0, 5);
  if (kind <= 2) {
    const changed = new Uint8Array(bytes);
    for (let i = stream.integer(1, 8); i > 0; i--) {
      // Headers are short and decide most, so half of the changes fall into the first 64 bytes.
      const at = kind === 0 ? place(Math.min(63, bytes.length - 1)) : place();
      changed[at] = [
        0,
        0xff,
        0x7f,
        0x80,
        changed[at] ^ 1 << stream.integer(0, 7),
        stream.integer(0, 255),
      ][stream.integer(0, 5)];
    }
    return changed;
  }
  const start = place();
  const end = Math.min(bytes.length, start + stream.integer(1, 64));
  if (kind === 3) return bytes.slice(0, start);
  if (kind === 4) return new Uint8Array(bytes).fill(0, start, end);
  const parts = stream.integer(0, 1) === 0
    ? [bytes.subarray(0, start), bytes.subarray(end)]
    : [bytes.subarray(0, end), bytes.subarray(start)];
  const joined = new Uint8Array(parts[0].length + parts[1].length);
  joined.set(parts[0]);
  joined.set(parts[1], parts[0].length);
  return joined;
}

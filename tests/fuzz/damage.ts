import type { Stream } from "../../src/random/stream.ts";

/** A copy with a few bytes changed, often to what JSON is made of; or cut, or with a piece repeated or moved. */
export function damaged(whole: Uint8Array, stream: Stream): Uint8Array {
  const copy = whole.slice();
  const place = () => stream.integer(0, copy.length - 1);
  const kind = stream.integer(0, 9);
  if (kind === 0) return copy.subarray(0, place());
  if (kind === 1) {
    const [from, back] = [place(), place()];
    const grown = new Uint8Array(from + copy.length - back);
    grown.set(copy.subarray(0, from));
    grown.set(copy.subarray(back), from);
    return grown;
  }
  if (kind === 2) {
    const from = place();
    const moved = copy.slice(from, from + stream.integer(1, 32));
    copy.set(moved, stream.integer(0, copy.length - moved.length));
    return copy;
  }
  for (let count = stream.integer(1, 4); count > 0; count--) {
    const digits = '0123456789-e,[]{}":.';
    const byte = kind < 7 ? stream.integer(0, 255) : digits.charCodeAt(stream.integer(0, 19));
    copy[stream.integer(0, kind % 2 === 0 ? place() : copy.length - 1)] = byte;
  }
  return copy;
}

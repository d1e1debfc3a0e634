import { assert } from "@std/assert";
import { join } from "@std/path";
import { openTensorFile } from "../../src/checkpoint/open_tensor_file.ts";
import { Stream } from "../../src/random/stream.ts";
import { scope } from "../../src/tensor/scope.ts";
import { inFolder } from "./in_folder.ts";

/** One sentence to a person, free of what JavaScript or libtorch say when nobody checked. */
const SENTENCE = /^Cannot read "[^"]*": [^\n]{5,400}[^.\n]$/;
const QUOTED = /"([^"\\]|\\.)*"/g;
const INTERNALS =
  /undefined|null|NaN|function|iterable|BigInt|array length|string length|stack|bounds/;

/**
 * Damages a file in many ways and reads each outcome: every one is read or refused in one sentence.
 *
 * @param whole The undamaged file.
 * @param count How many damaged files to try.
 * @param seed Where the damage comes from.
 * @returns How many were refused.
 */
export function readDamaged(whole: Uint8Array, count: number, seed: number): number {
  let refused = 0;
  inFolder((folder) => {
    const path = join(folder, "damaged");
    using target = Deno.openSync(path, { write: true, create: true });
    for (let i = 0; i < count; i++) {
      rewrite(target, damaged(whole, new Stream(seed, "damage", i)));
      try {
        using file = openTensorFile(path);
        for (const name of file.entries.keys()) scope(() => void file.read(name));
      } catch (error) {
        refused++;
        const { name, message, stack } = error as Error;
        const own = message.replaceAll(QUOTED, "");
        const isSentence = name === "Error" && SENTENCE.test(message) && !INTERNALS.test(own);
        assert(isSentence, `file ${i}: ${message}\n${stack}`);
      }
    }
  });
  return refused;
}

/** Replaces a file's content in place, which file systems do without waiting for the disk. */
function rewrite(file: Deno.FsFile, content: Uint8Array): void {
  file.seekSync(0, Deno.SeekMode.Start);
  for (let done = 0; done < content.length;) done += file.writeSync(content.subarray(done));
  file.truncateSync(content.length);
}

/** A copy with a few bytes changed, or cut, or with a piece repeated or moved. */
function damaged(whole: Uint8Array, stream: Stream): Uint8Array {
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

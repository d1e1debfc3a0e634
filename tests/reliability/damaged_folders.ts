/**
 * Run folders of which one file is damaged, and what comes of resuming them.
 *
 * @module
 */
import { join } from "@std/path";
import { Stream } from "../../src/random/stream.ts";
import { copyFolder, resume, tensorsOf } from "../train/small_run.ts";

/** The files of a run folder that is resumed, and the one that each is swapped with. */
export const FILES: Readonly<Record<string, string>> = {
  "config.yaml": "environment.json",
  "environment.json": "training_metrics.json",
  "training_metrics.json": "skipped_files.txt",
  "skipped_files.txt": "config.yaml",
  "model_0000007.safetensors": "model_0000010.safetensors",
  "model_0000010.safetensors": "config.yaml",
};

type Ruin = (path: string, stream: Stream, other: string) => void;

/** Changes bytes of a file in place. */
function changed(change: (bytes: Uint8Array<ArrayBuffer>, stream: Stream) => Uint8Array): Ruin {
  return (path, stream) => {
    const bytes = Deno.readFileSync(path);
    Deno.writeFileSync(path, bytes.length === 0 ? bytes : change(bytes, stream));
  };
}

const flip = (bytes: Uint8Array<ArrayBuffer>, at: number, bit: number) => {
  bytes[at] ^= 1 << bit;
  return bytes;
};
const place = (bytes: Uint8Array, stream: Stream) => stream.integer(0, bytes.length - 1);

/** Ten ways to damage a file. */
export const DAMAGE: Readonly<Record<string, Ruin>> = {
  "a bit in its first 200 bytes": changed((bytes, stream) =>
    flip(bytes, stream.integer(0, Math.min(199, bytes.length - 1)), stream.integer(0, 7))
  ),
  "a bit anywhere": changed((bytes, stream) =>
    flip(bytes, place(bytes, stream), stream.integer(0, 7))
  ),
  "eight bits": changed((bytes, stream) => {
    for (let i = 0; i < 8; i++) flip(bytes, place(bytes, stream), stream.integer(0, 7));
    return bytes;
  }),
  "zeros": changed((bytes, stream) => bytes.fill(0, place(bytes, stream))),
  "random bytes": changed((bytes, stream) => bytes.map(() => stream.integer(0, 255))),
  "cut": changed((bytes, stream) => bytes.subarray(0, place(bytes, stream))),
  "grown": changed((bytes) => Uint8Array.from([...bytes, ...bytes.subarray(0, 100)])),
  "emptied": (path) => Deno.truncateSync(path),
  "deleted": (path) => Deno.removeSync(path),
  "swapped": (path, _stream, other) => {
    Deno.renameSync(path, `${path}.swap`);
    Deno.renameSync(other, path);
    Deno.renameSync(`${path}.swap`, other);
  },
};

/** What came of a damaged folder. */
interface Outcome {
  /** Whether the run was resumed, and its tensors are those of one that was not damaged. */
  readonly isExact: boolean;
  /** Why it was refused, or what is wrong. */
  readonly message?: string;
  /** Whether this is as it must be: exact, or refused in a sentence. */
  readonly isRight: boolean;
}

/** A sentence to a person, free of what JavaScript says when nobody checked. */
const SENTENCE = /^(Cannot|No run) [^\n]{10,900}$/;
const INTERNALS = /undefined|NaN|is not a function|iterable|reading '|os error/;

/**
 * Damages a file in a copy of a run folder, and resumes the run there.
 *
 * @param interrupted The run folder.
 * @param expected The tensors of a run that was not damaged.
 */
export async function resumeDamaged(
  interrupted: string,
  expected: Readonly<Record<string, string>>,
  { file, damage, seed }: { file: string; damage: string; seed: number },
): Promise<Outcome> {
  const folder = `${interrupted}-damaged`;
  await copyFolder(interrupted, folder);
  try {
    const stream = new Stream(seed, "damage", file, damage);
    DAMAGE[damage](join(folder, file), stream, join(folder, FILES[file]));
    await resume(folder);
    const found = tensorsOf(folder);
    const isExact = JSON.stringify(found) === JSON.stringify(expected);
    return {
      isExact,
      isRight: isExact,
      ...!isExact && { message: "other tensors, without a word" },
    };
  } catch (error) {
    const { message } = error as Error;
    return { isExact: false, message, isRight: SENTENCE.test(message) && !INTERNALS.test(message) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

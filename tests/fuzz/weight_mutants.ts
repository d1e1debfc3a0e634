import { fromFileUrl, join } from "@std/path";
import { loadBackbone } from "../../src/backbone/backbone.ts";
import { openTensorFile } from "../../src/checkpoint/open_tensor_file.ts";
import { SafetensorsFile, writeSafetensors } from "../../src/checkpoint/safetensors.ts";
import { Stream } from "../../src/random/stream.ts";
import { arange } from "../../src/tensor/create.ts";
import { scope } from "../../src/tensor/scope.ts";
import { damaged } from "./damage.ts";
import { mutate } from "./mutate.ts";

/** What became of the damaged copies of one kind of file. */
interface WeightMutants {
  /** Copies that were read. */
  read: number;
  /** Copies that were refused in one sentence. */
  refused: number;
  /** What should not have been: a reason in no words of ours, or other values from a file with a checksum. */
  readonly faults: string[];
  /** Milliseconds that the slowest took. */
  slowest: number;
}

interface Kind {
  /** The file that is damaged. */
  readonly file: string;
  /** Files that it lies beside, in a folder. */
  readonly beside?: readonly string[];
  /** Reads a copy; returns all that was read, where it must be what was written. */
  readonly read: (path: string) => string | void;
}

const SENTENCE = /^Cannot [^\n]{5,800}[^.\n]$/;
const QUOTED = /"([^"\\]|\\.)*"/g;
/** What JavaScript or libtorch say where nobody checked. */
const INTERNALS =
  /undefined|\bnull\b|NaN|function|iterable|BigInt|array length|string length|call stack|out of bounds/;

const golden = (name: string) => fromFileUrl(new URL(`../golden/${name}`, import.meta.url));

/** All tensors of a file, as text. */
function values(path: string): string {
  using file = openTensorFile(path);
  return Array.from(
    file.entries.keys(),
    (name) => scope(() => `${name} ${file.read(name).toArray()}`),
  ).join("\n");
}

function valuesOf(path: string): void {
  values(path);
}

function verified(path: string): string {
  using file = new SafetensorsFile(path);
  if (!file.verify()) throw new Error(`Cannot verify "${path}": it has no digest`);
  return values(path);
}

function backbone(path: string): void {
  loadBackbone(join(path, ".."), { numHeads: 3 }).model.dispose();
}

const MODEL = ["others/hf_squash/config.json", "others/hf_squash/model.safetensors"];

/** Kinds of files, by what they are. */
export const weightKinds: Readonly<Record<string, Kind>> = {
  "safetensors": { file: golden("every_dtype.safetensors"), read: valuesOf },
  "safetensors with a digest": { file: "written", read: verified },
  "torch.save": { file: golden("every_view_protocol4.pth"), read: values },
  "torch.save without checksums": { file: golden("every_view_unchecked.pth"), read: valuesOf },
  "torch.save before 1.6": { file: golden("every_view_legacy.pth"), read: valuesOf },
  "torch.save with Python objects": { file: golden("others/python_objects.pth"), read: values },
  "processor of Hugging Face": {
    file: golden("others/hf_squash/preprocessor_config.json"),
    beside: MODEL.map(golden),
    read: backbone,
  },
  "configuration of timm": {
    file: golden("others/timm_augreg/config.json"),
    beside: [golden("others/timm_augreg/model.safetensors")],
    read: backbone,
  },
};

/**
 * Reads damaged copies of a kind of file.
 *
 * @param kind One of {@linkcode weightKinds}.
 * @param count How many.
 * @param seed Of the damage.
 */
export function readWeightMutants(kind: string, count: number, seed: number): WeightMutants {
  const { file, beside = [], read } = weightKinds[kind];
  const folder = Deno.makeTempDirSync();
  const summary: WeightMutants = { read: 0, refused: 0, faults: [], slowest: 0 };
  try {
    for (const path of beside) Deno.copyFileSync(path, join(folder, nameOf(path)));
    const path = join(folder, nameOf(file));
    if (file === "written") scope(() => writeSafetensors(path, { a: arange(9), b: arange(4) }));
    else Deno.copyFileSync(file, path);
    const whole = Deno.readFileSync(path);
    const expected = read(path);
    for (let i = 0; i < count; i++) {
      const stream = new Stream(seed, "weights", kind, i);
      Deno.writeFileSync(path, (i % 2 === 0 ? damaged : mutate)(whole, stream));
      const began = performance.now();
      try {
        if (read(path) !== expected) summary.faults.push(`${i}: other values were read`);
        summary.read++;
      } catch (error) {
        if (!isSentence(error)) summary.faults.push(`${i}: ${error}`);
        summary.refused++;
      }
      summary.slowest = Math.max(summary.slowest, Math.round(performance.now() - began));
    }
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
  return summary;
}

function nameOf(path: string): string {
  return path.replace(/^.*\//, "");
}

function isSentence(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof TypeError) return false;
  return SENTENCE.test(error.message) && !INTERNALS.test(error.message.replaceAll(QUOTED, ""));
}

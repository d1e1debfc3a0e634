/**
 * The parts of the benchmark, each a process of its own, so that one that hangs or fails takes nothing with it.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { TextLineStream } from "@std/streams/text-line-stream";
import type { BenchOptions, BenchResult } from "./result.ts";

/** A part of the benchmark: `tests/bench/NAME_bench.ts`. */
interface Part {
  readonly name: string;
  /** Seconds after which it is stopped on a GPU, where time is dear. A processor has ten times as long. */
  readonly seconds: number;
}

/** In the order in which they are run: what tells most comes first, for a machine may be taken away. */
export const PARTS: readonly Part[] = [
  { name: "build", seconds: 90 },
  { name: "device_tests", seconds: 90 },
  { name: "golden", seconds: 60 },
  { name: "ceiling", seconds: 30 },
  { name: "step", seconds: 180 },
  { name: "eager", seconds: 90 },
  { name: "compiled", seconds: 120 },
  { name: "features", seconds: 60 },
  { name: "loading", seconds: 40 },
  { name: "profile", seconds: 60 },
  { name: "learning", seconds: 90 },
  { name: "op", seconds: 30 },
  { name: "vit", seconds: 90 },
  { name: "packing", seconds: 60 },
  { name: "memory", seconds: 60 },
  { name: "data", seconds: 90 },
  { name: "sources", seconds: 60 },
  { name: "sharing", seconds: 90 },
];

const SLOWER = 10;

/** How a part ended. */
export interface PartEnd {
  readonly part: string;
  readonly seconds: number;
  /** Why it gave less than all of its figures. Absent where it gave them all. */
  readonly failure?: string;
}

/**
 * Runs a part.
 *
 * @param onResult Called with each figure once it is there.
 * @param signal Stops it.
 */
export async function runPart(
  { name, seconds }: Part,
  options: BenchOptions,
  { onResult, signal }: { onResult: (result: BenchResult) => void; signal?: AbortSignal },
): Promise<PartEnd> {
  const began = performance.now();
  const limit = options.device.startsWith("cuda") ? seconds : SLOWER * seconds;
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      fromFileUrl(new URL("run_part.ts", import.meta.url)),
      name,
      JSON.stringify(options),
    ],
    ...{ stdin: "null", stdout: "piped", stderr: "piped", detached: true },
  }).spawn();
  // It leads a group of processes, to which PyTorch and its workers belong as well.
  const stop = () =>
    void new Deno.Command("kill", { args: ["-KILL", "--", `-${child.pid}`] }).outputSync();
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    stop();
  }, 1000 * limit);
  signal?.addEventListener("abort", stop);
  try {
    const [last, , { success }] = await Promise.all([
      lastLine(child.stderr),
      readResults(child.stdout, onResult),
      child.status,
    ]);
    const failure = isLate ? `stopped after ${limit} s` : success ? undefined : last;
    return { part: name, seconds: (performance.now() - began) / 1000, ...failure && { failure } };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
}

function linesOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): ReadableStream<string> {
  return stream.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream());
}

async function readResults(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  onResult: (result: BenchResult) => void,
): Promise<void> {
  for await (const line of linesOf(stream)) {
    if (line.startsWith('{"name":')) onResult(JSON.parse(line));
  }
}

async function lastLine(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  let last = "it ended without a word";
  for await (const line of linesOf(stream)) if (line.trim() !== "") last = line.trim();
  return last;
}

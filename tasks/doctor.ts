/**
 * `deno task doctor`: what Deino needs and what was found of it, each miss with its cure. Ends with status
 * 0 when all that is needed is there.
 *
 * @module
 */
import { bold, green, red, yellow } from "@std/fmt/colors";
import { diagnose, type Finding } from "../src/install/doctor.ts";
import { thisMachine } from "../src/install/machine.ts";
import { printable } from "../src/files/quoted.ts";
import { jpegDecoder } from "../src/data/pixels/libjpeg.ts";
import { inspectRun, type RunInspection } from "../src/train/inspect_run.ts";
import { cudaDevices } from "../src/tensor/device.ts";
import { Flags } from "./cli/flags.ts";
import { main } from "./cli/main.ts";
import { printLine, printText } from "./cli/print.ts";

const help = `Report what is installed and how to fix what is missing, or verify the files of a run

  deno task doctor
  deno task doctor --run runs/a

  --run DIR  a run folder: every file is read and compared with its digest
  --help     this text

Fetches, builds and changes nothing. Status 0 means that everything needed is present and intact`;

/** Columns for the names of parts. */
const WIDTH = 18;

const RUN_MARKS = { whole: green("✓"), damaged: red("✗"), unproven: yellow("–") };
const MARKS = { found: green("✓"), missing: red("✗"), optional: yellow("–") };

/** Opens the shim: only that shows whether libtorch and the driver agree. */
function tryShim(expectsGpu: boolean): Finding {
  const part = "shim loads";
  try {
    const count = cudaDevices();
    if (count > 0 || !expectsGpu) return { part, state: "found", found: `CUDA devices: ${count}` };
    return {
      part,
      state: "missing",
      found: "libtorch sees no CUDA device, but nvidia-smi does",
      cure: "Update the NVIDIA driver to one for libtorch's CUDA version",
    };
  } catch (error) {
    return {
      part,
      state: "missing",
      found: error instanceof Error ? error.message : String(error),
    };
  }
}

/** Opens the libjpeg that would decode. */
function tryJpeg(): Finding {
  const part = "JPEG";
  const names = { pillow: "libjpeg-turbo of Pillow", system: "libjpeg of the system" };
  try {
    const decoder = jpegDecoder();
    if (decoder.name !== "wasm") {
      return { part, state: "found", found: `${names[decoder.name]} (${decoder.path})` };
    }
    const found = "decoded by WebAssembly, at a third of the speed";
    return { part, state: "optional", found, cure: "Run `deno task build` with a network" };
  } catch (error) {
    return { part, state: "missing", found: (error as Error).message };
  }
}

function print({ part, state, found, cure }: Finding): void {
  printText(`${MARKS[state]} ${bold(part.padEnd(WIDTH))} ${printable(found)}`);
  if (cure !== undefined) printLine(`  ${" ".repeat(WIDTH)} ${cure}`);
}

async function examine(): Promise<number> {
  const findings = await diagnose(thisMachine());
  const isFound = (wanted: string) =>
    findings.some(({ part, state }) => part === wanted && state === "found");
  if (isFound("libdeino.so")) findings.push(tryShim(isFound("GPU") && isFound("CUDA")));
  if (isFound("libdeino_pixels.so")) findings.push(tryJpeg());
  findings.forEach(print);
  return findings.some(({ state }) => state === "missing") ? 1 : 0;
}

/** Looks whether the files of a run are those that were written. */
async function examineRun(folder: string): Promise<number> {
  const { findings, holder, ...stand } = await inspectRun(folder);
  for (const { part, state, found } of findings) {
    printText(`${RUN_MARKS[state]} ${bold(part)}: ${printable(found)}`);
  }
  if (holder !== undefined) {
    const { pid, host, doing, since, renewed } = holder;
    const doings = doing === undefined ? "" : `: ${doing} since ${since}`;
    printLine(`Process ${pid} on ${host} is using it${doings}; last sign of life at ${renewed}`);
  }
  printLine(standLine(stand));
  return findings.some(({ state }) => state === "damaged") ? 1 : 0;
}

function standLine({ resumesAfter, total }: Pick<RunInspection, "resumesAfter" | "total">): string {
  if (resumesAfter === undefined) return "No checkpoint can be resumed";
  return resumesAfter === total
    ? `It is finished, after ${total} iterations`
    : `It resumes after ${resumesAfter} of ${total} iterations`;
}

await main({
  summary: "Report what is installed and how to fix what is missing",
  help,
  prepare(args) {
    const run = new Flags(args, { optional: ["run"] }).optionalPath("run");
    return run === undefined ? examine : () => examineRun(run);
  },
});

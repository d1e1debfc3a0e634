/**
 * `deno task doctor`: what Deino needs and what was found of it, each miss with its cure. Ends with status
 * 0 when all that is needed is there.
 *
 * @module
 */
import { bold, green, red, yellow } from "@std/fmt/colors";
import { diagnose, type Finding } from "../src/install/doctor.ts";
import { thisMachine } from "../src/install/machine.ts";
import { counted, printable } from "../src/files/quoted.ts";
import { inspectRun, type RunInspection } from "../src/train/inspect_run.ts";
import type { Command } from "./cli/command.ts";
import { Flags } from "./cli/flags.ts";
import { main } from "./cli/main.ts";
import { printLine, printText } from "./cli/print.ts";
import { openLibraries } from "./doctor/open_libraries.ts";

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

function print({ part, state, found, cure }: Finding): void {
  printText(`${MARKS[state]} ${bold(part.padEnd(WIDTH))} ${printable(found)}`);
  if (cure !== undefined) printLine(`  ${" ".repeat(WIDTH)} ${cure}`);
}

async function examine(): Promise<number> {
  const unopened = await diagnose(thisMachine());
  const findings = [...unopened, ...openLibraries(unopened)];
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
  if (resumesAfter === undefined || total === undefined) return "No checkpoint can be resumed";
  return resumesAfter === total
    ? `It is finished, after ${counted(total, "iteration")}`
    : `It resumes after ${resumesAfter} of ${counted(total, "iteration")}`;
}

/** `deno task doctor`. */
export const doctorCommand: Command = {
  summary: "Report what is installed and how to fix what is missing",
  help,
  prepare(args) {
    const run = new Flags(args, { optional: ["run"] }).optionalPath("run");
    return run === undefined ? examine : () => examineRun(run);
  },
};

if (import.meta.main) await main(doctorCommand);

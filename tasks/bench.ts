/**
 * `deno task bench [--only NAMES] [--device NAME] [--tiny] [--json FILE]`: tests and measures a machine, beside PyTorch and
 * Pillow where a Python that has them is found. Ends with status 1 when a part failed, 2 when the command line was wrong.
 *
 * @module
 */
import { bold, dim, red } from "@std/fmt/colors";
import { adviseName } from "../src/config/nearest_name.ts";
import { printable } from "../src/files/quoted.ts";
import { writeTextAtomically } from "../src/files/atomic_file.ts";
import { chooseDevice, type Device } from "../src/tensor/device.ts";
import { describeEnvironment } from "../src/train/environment.ts";
import { type PartEnd, PARTS, runPart } from "../tests/bench/parts.ts";
import type { BenchResult } from "../tests/bench/result.ts";
import type { Command } from "./cli/command.ts";
import { Flags } from "./cli/flags.ts";
import { untilStopped } from "./cli/interruption.ts";
import { main } from "./cli/main.ts";
import { checkWritable } from "./cli/output_file.ts";
import { printText } from "./cli/print.ts";
import { stderr } from "./cli/terminal.ts";

const NAMES = PARTS.map(({ name }) => name);

const help = `Test and benchmark a machine, beside PyTorch, as ratios

  deno task bench [--only NAMES] [--device NAME] [--tiny] [--json FILE]

  --only NAMES   some parts, by their names with commas between; default all, in this order:
                 ${NAMES.join(", ")}
  --device NAME  cpu, cuda, cuda:N or auto (default)
  --tiny         sizes as small as can be: shows that all of it runs, the figures mean nothing
  --json FILE    also write the figures as JSON, after each one
  --help         this text

Each part is a process that is stopped after its time, and what it measured by then is kept`;

/** Columns for the names. */
const WIDTH = 56;

function chosenParts(only: string | undefined): typeof PARTS {
  if (only === undefined) return PARTS;
  const names = only.split(",");
  const unknown = names.find((name) => !NAMES.includes(name));
  if (unknown === undefined) return PARTS.filter(({ name }) => names.includes(name));
  throw new TypeError(`Cannot measure --only ${unknown}: ${adviseName(unknown, NAMES)}`);
}

function row({ name, value, unit, baseline, ratio, note }: BenchResult): string {
  const digits = (number: number) => number < 10000 ? number.toPrecision(4) : number.toFixed();
  const figure = (number: number | undefined) =>
    (number === undefined ? "" : `${digits(number)} ${unit}`).padStart(14);
  const times = ratio === undefined ? "".padStart(6) : `×${ratio.toFixed(2)}`.padStart(6);
  const remark = note === undefined ? "" : `  ${dim(note)}`;
  return `${name.padEnd(WIDTH)} ${figure(value)} ${figure(baseline)} ${bold(times)}${remark}`;
}

/** What `--json` holds. */
interface Report {
  readonly results: BenchResult[];
  readonly parts: PartEnd[];
}

/** `deno task bench`. */
const benchCommand: Command = {
  summary: "Test and benchmark a machine, beside PyTorch, as ratios",
  help,
  prepare(args) {
    const flags = new Flags(args, { optional: ["only", "device", "json"], switches: ["tiny"] });
    const parts = chosenParts(flags.optional("only"));
    const asked = flags.optional("device") ?? "auto";
    const file = flags.optionalPath("json");
    return () =>
      untilStopped("Stopped: the figures above are all there are", async (signal) => {
        if (file !== undefined) checkWritable(file);
        const report: Report = { results: [], parts: [] };
        let about = {};
        const save = () => {
          if (file === undefined) return;
          writeTextAtomically(file, JSON.stringify({ ...about, ...report }, null, 2) + "\n");
        };
        const onResult = (result: BenchResult) => {
          report.results.push(result);
          save();
          printText(row(result));
        };
        printText(
          dim(`${"".padEnd(WIDTH)} ${"Deino".padStart(14)} ${"baseline".padStart(14)}  ratio`),
        );
        for (const part of parts) {
          // Which devices there are shows once the native library is built, and building is a part that has its time.
          const isBuild = part.name === "build";
          const device = isBuild ? asked : chooseDevice(asked);
          if (!isBuild) about = describeEnvironment(device as Device);
          const options = { device, isTiny: flags.has("tiny") };
          const end = await runPart(part, options, { onResult, signal });
          signal.throwIfAborted();
          report.parts.push(end);
          save();
          if (end.failure !== undefined) {
            stderr.text(red(printable(`${part.name}: ${end.failure}`)));
          }
        }
        return report.parts.every(({ failure }) => failure === undefined) ? 0 : 1;
      });
  },
};

await main(benchCommand);

/**
 * `deno task bench [--only NAME] [--device NAME] [--json FILE]`: measures speed and memory, beside PyTorch and Pillow
 * where a Python that has them is found. Ends with status 1 when a measurement failed, 2 when the command line was wrong.
 *
 * @module
 */
import { bold, dim, red } from "@std/fmt/colors";
import { closestString } from "@std/text";
import { printable } from "../src/files/quoted.ts";
import { writeTextAtomically } from "../src/files/atomic_file.ts";
import { chooseDevice } from "../src/tensor/device.ts";
import { describeEnvironment } from "../src/train/environment.ts";
import type { BenchOptions, BenchResult } from "../tests/bench/result.ts";
import type { Command } from "./cli/command.ts";
import { Flags } from "./cli/flags.ts";
import { main } from "./cli/main.ts";
import { checkWritable } from "./cli/output_file.ts";
import { stderr, stdout } from "./cli/terminal.ts";

const BENCHES = new URL("../tests/bench/", import.meta.url);

const help = `Benchmark against PyTorch, as ratios

  deno task bench [--only NAME] [--device NAME] [--json FILE]

  --only NAME    a single part: ${benchNames().join(", ")}
  --device NAME  cpu, cuda, cuda:N or auto (default)
  --json FILE    also write the figures as JSON, after each part
  --help         this text`;

/** Columns for the names. */
const WIDTH = 56;

/** One part: `tests/bench/NAME_bench.ts`. */
interface BenchModule {
  /** Measures one thing after the other. */
  bench(options: BenchOptions): AsyncIterable<BenchResult>;
}

function benchNames(): string[] {
  return Array.from(Deno.readDirSync(BENCHES), ({ name }) => name.match(/^(\w+)_bench\.ts$/)?.[1])
    .filter((name) => name !== undefined)
    .sort();
}

function chosenNames(only: string | undefined): string[] {
  const names = benchNames();
  if (only === undefined) return names;
  if (names.includes(only)) return [only];
  throw new TypeError(
    `Cannot measure "${only}": did you mean --only ${closestString(only, names)}? ` +
      `Choose from ${names.join(", ")}`,
  );
}

function row({ name, value, unit, baseline, ratio, note }: BenchResult): string {
  const figure = (number: number | undefined) =>
    number === undefined ? "".padStart(14) : `${number.toPrecision(4)} ${unit}`.padStart(14);
  const times = ratio === undefined ? "".padStart(6) : `×${ratio.toFixed(2)}`.padStart(6);
  const remark = note === undefined ? "" : `  ${dim(note)}`;
  return `${name.padEnd(WIDTH)} ${figure(value)} ${figure(baseline)} ${bold(times)}${remark}`;
}

/** Measures one part after the other; a failed one is told and does not stop the rest. Returns how many failed. */
async function measureAll(
  names: readonly string[],
  options: BenchOptions,
  save: (results: readonly BenchResult[]) => void,
): Promise<number> {
  const results: BenchResult[] = [];
  let failures = 0;
  stdout.text(dim(`${"".padEnd(WIDTH)} ${"Deino".padStart(14)} ${"baseline".padStart(14)}  ratio`));
  for (const name of names) {
    try {
      const { bench }: BenchModule = await import(new URL(`${name}_bench.ts`, BENCHES).href);
      for await (const result of bench(options)) {
        stdout.text(row(result));
        results.push(result);
      }
    } catch (error) {
      failures++;
      stderr.text(red(printable(`${name}: ${error instanceof Error ? error.message : error}`)));
    }
    save(results);
  }
  return failures;
}

/** `deno task bench`. */
const benchCommand: Command = {
  summary: "Benchmark against PyTorch, as ratios",
  help,
  prepare(args) {
    const flags = new Flags(args, { optional: ["only", "device", "json"] });
    const names = chosenNames(flags.optional("only"));
    const file = flags.optionalPath("json");
    return async () => {
      if (file !== undefined) checkWritable(file);
      const device = chooseDevice(flags.optional("device") ?? "auto");
      const about = describeEnvironment(device);
      const failures = await measureAll(names, { device }, (results) => {
        if (file === undefined) return;
        writeTextAtomically(file, JSON.stringify({ ...about, results }, null, 2) + "\n");
      });
      return failures === 0 ? 0 : 1;
    };
  },
};

await main(benchCommand);

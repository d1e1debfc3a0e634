/**
 * `deno task bench [--device NAME] [--json FILE]`: measures speed and memory, beside PyTorch and Pillow where a
 * Python that has them is found. Ends with status 1 when a measurement failed, 2 when the command line was wrong.
 *
 * @module
 */
import { bold, dim, red } from "@std/fmt/colors";
import { writeTextAtomically } from "../src/checkpoint/atomic_file.ts";
import type { BenchOptions, BenchResult } from "../tests/bench/result.ts";
import { Flags } from "./flags.ts";

const help = `Measure speed beside PyTorch, as ratios

  deno task bench [--device NAME] [--json FILE]

  --device NAME  cpu, cuda, cuda:N or auto (default)
  --json FILE    also write the figures as JSON
  --help         this text`;

const BENCHES = new URL("../tests/bench/", import.meta.url);

/** One file of measurements: `tests/bench/NAME_bench.ts`. */
interface BenchModule {
  bench(options: BenchOptions): Promise<BenchResult[]>;
}

function benchNames(): string[] {
  return Array.from(Deno.readDirSync(BENCHES))
    .filter(({ name }) => name.endsWith("_bench.ts"))
    .map(({ name }) => name)
    .sort();
}

function row({ name, value, unit, baseline, ratio, note }: BenchResult): string {
  const figure = (number: number | undefined) =>
    number === undefined ? "".padStart(12) : `${number.toPrecision(4)} ${unit}`.padStart(12);
  const times = ratio === undefined ? "".padStart(6) : `×${ratio.toFixed(2)}`.padStart(6);
  const remark = note === undefined ? "" : `  ${dim(note)}`;
  return `${name.padEnd(56)} ${figure(value)} ${figure(baseline)} ${bold(times)}${remark}`;
}

/** Measures one file after the other; a failed one is told and does not stop the rest. */
async function measureAll(options: BenchOptions): Promise<{
  results: BenchResult[];
  failures: number;
}> {
  const results: BenchResult[] = [];
  let failures = 0;
  console.log(dim(`${"".padEnd(56)} ${"Deino".padStart(12)} ${"baseline".padStart(12)}  ratio`));
  for (const name of benchNames()) {
    try {
      const { bench }: BenchModule = await import(new URL(name, BENCHES).href);
      const measured = await bench(options);
      measured.forEach((result) => console.log(row(result)));
      results.push(...measured);
    } catch (error) {
      failures++;
      console.error(red(`${name}: ${error instanceof Error ? error.message : error}`));
    }
  }
  return { results, failures };
}

async function main(args: readonly string[]): Promise<number> {
  const flags = new Flags(args, {
    required: [],
    optional: ["device", "json"],
    switches: ["help"],
  });
  if (flags.has("help")) {
    console.log(help);
    return 0;
  }
  const { chooseDevice } = await import("../src/train/device.ts");
  const device = chooseDevice(flags.optional("device") ?? "auto");
  const { results, failures } = await measureAll({ device });
  const file = flags.optional("json");
  if (file !== undefined) {
    writeTextAtomically(file, JSON.stringify({ device, results }, null, 2) + "\n");
  }
  return failures === 0 ? 0 : 1;
}

try {
  Deno.exit(await main(Deno.args));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  Deno.exit(error instanceof TypeError ? 2 : 1);
}

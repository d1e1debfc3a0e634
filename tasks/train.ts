/**
 * `deno task train [flags] [key=value …]`: trains a vision transformer by self-distillation. `--help` lists the flags and
 * settings. Ends with status 0, 1 when the run failed, 2 when the command line cannot be, and 130 or 143 when it was
 * interrupted and saved.
 *
 * @module
 */
import type { Device } from "../src/tensor/device.ts";
import { chooseDevice } from "../src/tensor/choose_device.ts";
import { planRun } from "../src/train/plan.ts";
import { measureRun } from "../src/train/run_sizes.ts";
import { train } from "../src/train/loop.ts";
import { messages, output } from "./cli/terminal.ts";
import { parseTrainArguments, type TrainArguments } from "./train/arguments.ts";
import { configure, type ConfiguredRun } from "./train/configuration.ts";
import { helpText } from "./train/help.ts";
import { planLines } from "./train/plan_lines.ts";
import { Reporter } from "./train/reporter.ts";
import { Interruption } from "./train/interruption.ts";
import { summaryLines } from "./train/summary.ts";

async function main(words: readonly string[]): Promise<number> {
  let args: TrainArguments, configured: ConfiguredRun;
  try {
    args = parseTrainArguments(words);
    if (args.help) {
      output.line(helpText());
      return 0;
    }
    configured = await configure(args);
  } catch (error) {
    return fail(error, 2);
  }
  try {
    return await run(args, configured);
  } catch (error) {
    return fail(error, 1);
  }
}

async function run(args: TrainArguments, { config, notes }: ConfiguredRun): Promise<number> {
  if (args.dryRun) {
    const { device: asked } = config.train;
    const device = asked === "auto" ? chooseDevice(asked) : asked as Device; // need not be here
    const sizes = measureRun(config, device);
    [...notes, ...planLines(config, planRun(config), sizes)].forEach((line) => output.line(line));
    return 0;
  }
  const reporter = new Reporter(output);
  notes.forEach((note) => reporter.line(note));
  const began = performance.now();
  using interruption = new Interruption(() =>
    reporter.line("Finishing the step and saving; press Ctrl-C again to stop immediately")
  );
  const result = await train(config, {
    resume: args.resume,
    signal: interruption.signal,
    onEvent: (event) => reporter.show(event),
  });
  const seconds = (performance.now() - began) / 1000;
  for (const line of summaryLines(result, seconds)) reporter.line(line);
  return result.done < result.total ? interruption.status : 0;
}

function fail(error: unknown, status: number): number {
  messages.line(error instanceof Error ? error.message : String(error));
  return status;
}

Deno.exit(await main(Deno.args));

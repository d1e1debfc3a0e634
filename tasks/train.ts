/**
 * `deno task train [flags] [key=value …]`: trains a vision transformer by self-distillation. `--help` lists the flags and
 * settings. Ends with status 0, 1 when the run failed, 2 when the command line cannot be, and 128 + n when signal n (INT,
 * TERM, HUP, QUIT) made it save and end. USR1 and USR2 make it save and continue.
 *
 * @module
 */
import { resolveConfig } from "../src/config/resolve.ts";
import { chooseDevice, type Device } from "../src/tensor/device.ts";
import { locateLibrary } from "../src/install/locate_library.ts";
import { torchLibrary } from "../src/install/native_library.ts";
import { removeIfThere } from "../src/files/atomic_file.ts";
import { train, type TrainResult } from "../src/train/loop.ts";
import { planRun } from "../src/train/plan.ts";
import { measureRun } from "../src/train/run_sizes.ts";
import type { Command } from "./cli/command.ts";
import { Interruption } from "./cli/interruption.ts";
import { main } from "./cli/main.ts";
import { stderr, stdout } from "./cli/terminal.ts";
import { parseTrainArguments } from "./train/arguments.ts";
import { configure, type ConfiguredRun } from "./train/configuration.ts";
import { helpText } from "./train/help.ts";
import { makeDatedFolder } from "./train/dated_folder.ts";
import { planLines, sizeLines } from "./train/plan_lines.ts";
import { Reporter } from "./train/reporter.ts";
import { summaryLines } from "./train/summary.ts";

/** `deno task train`. */
export const trainCommand: Command = {
  summary: "Train a vision transformer by self-distillation",
  help: helpText(),
  async prepare(args) {
    const asked = parseTrainArguments(args);
    const configured = await configure(asked);
    return asked.dryRun ? () => show(configured) : () => run(configured, asked);
  },
};

/** Shows what a run would do, trains nothing. */
function show({ config, notes }: ConfiguredRun): void {
  for (const line of [...notes, ...planLines(config, planRun(config))]) stdout.line(line);
  const unavailable = whyUnavailable();
  if (unavailable !== undefined) {
    stdout.line("Parameters, memory and FLOPs are not shown: they need the native library");
    stdout.line(`  ${unavailable}`);
    return;
  }
  const { device: asked } = config.train;
  const device = asked === "auto" ? chooseDevice(asked) : asked as Device; // need not be here
  for (const line of sizeLines(measureRun(config, device))) stdout.line(line);
}

/** Why there is no native library, if there is none and none can be built. */
function whyUnavailable(): string | undefined {
  try {
    locateLibrary(torchLibrary);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

async function run(
  { config: asked, notes }: ConfiguredRun,
  { resume }: { readonly resume: boolean },
): Promise<number> {
  const isDated = asked.train.output_dir === "";
  const config = isDated
    ? resolveConfig(asked, { train: { output_dir: makeDatedFolder() } })
    : asked;
  const reporter = new Reporter(stdout);
  notes.forEach((note) => reporter.line(note));
  const began = performance.now();
  using interruption = new Interruption(
    "Stopped before anything was trained",
    () => reporter.line("Finishing the step and saving; press Ctrl-C again to stop immediately"),
  );
  let result: TrainResult;
  try {
    result = await train(config, {
      resume,
      signal: interruption.signal,
      isSaveRequested: () => {
        const isRequested = interruption.takeSaveRequest();
        if (isRequested) reporter.line("Saving on request; training continues");
        return isRequested;
      },
      onEvent: (event) => reporter.show(event),
    });
  } catch (error) {
    if (isDated) removeIfThere(config.train.output_dir); // a start that failed left it empty
    if (error !== interruption.signal.reason) throw error;
    stderr.line((error as Error).message);
    return interruption.status;
  }
  const seconds = (performance.now() - began) / 1000;
  for (const line of summaryLines(result, seconds)) reporter.line(line);
  return result.done < result.total ? interruption.status : 0;
}

if (import.meta.main) await main(trainCommand);

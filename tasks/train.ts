/**
 * `deno task train [flags] [key=value …]`: trains a vision transformer by self-distillation. `--help` lists the flags and
 * settings. Ends with status 0, 1 when the run failed, 2 when the command line cannot be, and 128 + n when signal n (INT,
 * TERM, HUP, QUIT) made it save and end. USR1 and USR2 make it save and continue.
 *
 * @module
 */
import { resolveConfig } from "../src/config/resolve.ts";
import { removeIfThere } from "../src/files/atomic_file.ts";
import { train, type TrainResult } from "../src/train/loop.ts";
import type { Command } from "./cli/command.ts";
import { Interruption } from "./cli/interruption.ts";
import { main } from "./cli/main.ts";
import { stderr, stdout } from "./cli/terminal.ts";
import { parseTrainArguments, type TrainArguments } from "./train/arguments.ts";
import { configure, type ConfiguredRun } from "./train/configuration.ts";
import { dryRun } from "./train/dry_run.ts";
import { helpText } from "./train/help.ts";
import { makeDatedFolder } from "./train/dated_folder.ts";
import { Reporter } from "./train/reporter.ts";
import { summaryLines } from "./train/summary.ts";

/** `deno task train`. */
export const trainCommand: Command = {
  summary: "Train a vision transformer by self-distillation",
  help: helpText(),
  async prepare(args) {
    const asked = parseTrainArguments(args);
    const configured = await configure(asked);
    return asked.dryRun ? () => dryRun(configured) : () => run(configured, asked);
  },
};

async function run(
  { config: asked, notes, images }: ConfiguredRun,
  { resume, profile, detectAnomaly }: TrainArguments,
): Promise<number> {
  const isDated = asked.train.output_dir === "";
  const config = isDated
    ? resolveConfig(asked, { train: { output_dir: makeDatedFolder() } })
    : asked;
  const reporter = new Reporter(stdout);
  notes.forEach((note) => reporter.line(note));
  let began = performance.now();
  using interruption = new Interruption(
    "Stopped before anything was trained",
    () =>
      reporter.line(
        "Finishing the step and saving; press Ctrl-C again to stop immediately and lose the steps since the last checkpoint",
      ),
  );
  let result: TrainResult;
  try {
    result = await train(config, {
      resume,
      listed: images,
      profile,
      detectAnomaly,
      signal: interruption.signal,
      isSaveRequested: () => {
        const isRequested = interruption.takeSaveRequest();
        if (isRequested) reporter.line("Saving on request; training continues");
        return isRequested;
      },
      onEvent: (event) => {
        if (event.kind === "start") began = performance.now(); // what was built or listed before is no training
        reporter.show(event);
      },
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

import { Flags } from "../cli/flags.ts";

/** What a command line of `deno task train` asks for. */
export interface TrainArguments {
  /** `--data`: sources of images, with absolute paths. */
  readonly data: readonly string[];
  /** `--preset`: a recipe. */
  readonly preset?: string;
  /** `--config`: a file of settings, an absolute path. */
  readonly config?: string;
  /** `--output-dir`: the run folder, an absolute path. */
  readonly outputDir?: string;
  /** `--device`: where to train. */
  readonly device?: string;
  /** `--seed`: the seed of everything random. */
  readonly seed?: string;
  /** `--resume`: resume the run in the run folder. */
  readonly resume: boolean;
  /** `--dry-run`: show what would be done. */
  readonly dryRun: boolean;
  /** `--profile`: steps to record. */
  readonly profile?: number;
  /** `--detect-anomaly`: find where a value that is not finite comes from. */
  readonly detectAnomaly?: boolean;
  /** Settings such as `optim.epochs=20`. */
  readonly overrides: readonly string[];
}

/** Flags of the reference implementation and its relatives under the names they have here. */
const COUSINS: Readonly<Record<string, string>> = {
  "config-file": "config",
  "gpu": "device",
  "gpus": "device",
  "train-dataset": "data",
};

/**
 * Reads a command line.
 *
 * @param args The words after the task's name.
 * @throws {TypeError} If a flag does not exist, lacks its value or comes twice.
 */
export function parseTrainArguments(args: readonly string[]): TrainArguments {
  const flags = new Flags(args, {
    optional: ["data", "preset", "config", "output-dir", "device", "seed", "profile"],
    repeated: ["data"],
    switches: ["resume", "dry-run", "detect-anomaly"],
    settings: true,
    cousins: COUSINS,
  });
  return {
    data: flags.sources("data"),
    preset: flags.optional("preset"),
    config: flags.optionalPath("config"),
    outputDir: flags.optionalPath("output-dir"),
    device: flags.optional("device"),
    seed: flags.optional("seed"),
    resume: flags.has("resume"),
    dryRun: flags.has("dry-run"),
    profile: flags.count("profile"),
    detectAnomaly: flags.has("detect-anomaly"),
    overrides: flags.settings,
  };
}

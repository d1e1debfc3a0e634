import { resolve } from "@std/path";
import { loadSettings } from "../../src/config/load.ts";
import { parseOverrides } from "../../src/config/overrides.ts";
import { findPreset } from "../../src/config/presets.ts";
import { flatten, resolveConfig } from "../../src/config/resolve.ts";
import type { Config, Settings } from "../../src/config/schema.ts";
import { findSplits } from "../../src/data/sources/splits.ts";
import { RunFolder } from "../../src/train/run_folder.ts";
import type { TrainArguments } from "./arguments.ts";
import { choosePreset } from "./default_preset.ts";

/** A run to begin or to go on with. */
export interface ConfiguredRun {
  /** Its configuration. */
  readonly config: Config;
  /** What the user should know about how it came about. */
  readonly notes: readonly string[];
}

/** What may change when a run goes on: nothing that its results depend on. */
const CHANGEABLE = /^(train\.(device|num_workers)|data\.max_broken_fraction|checkpointing\.)/;

/**
 * Makes the configuration that a command line asks for: preset, then file, then flags, then settings.
 *
 * @throws {TypeError} If a value is of the wrong type.
 * @throws {RangeError} If a key or value cannot be.
 * @throws {Error} If a file or folder cannot be read.
 */
export async function configure(args: TrainArguments): Promise<ConfiguredRun> {
  return args.resume ? await configureResumed(args) : await configureNew(args);
}

async function configureNew(args: TrainArguments): Promise<ConfiguredRun> {
  const file = args.config === undefined ? undefined : await loadSettings(args.config);
  const { settings, notes } = parseOverrides(args.overrides);
  const { data, note } = await dataSettings(args.data);
  const asked = [settings, data, file?.settings];
  const folder = asked.map((layer) => layer?.train?.dataset_path).find((path) => path);
  const channels = asked.map((layer) => layer?.data?.channels).find((count) => count);
  const preset = await presetSettings(args, folder, channels);
  const output = { train: { output_dir: resolve(args.outputDir ?? `runs/${timestamp()}`) } };
  const layers = [
    preset.settings,
    file?.settings ?? {},
    data,
    output,
    flagSettings(args),
    settings,
  ];
  const config = resolveConfig(...layers);
  return {
    config: resolveConfig(config, absoluteWeights(config)),
    notes: [...preset.notes, ...(file?.notes ?? []), ...note, ...notes],
  };
}

async function configureResumed(args: TrainArguments): Promise<ConfiguredRun> {
  if (args.outputDir === undefined) {
    throw new TypeError("Cannot resume: name the run folder with --output-dir");
  }
  for (const flag of ["data", "preset", "config", "seed"] as const) {
    if (args[flag] !== undefined) {
      throw new TypeError(
        `Cannot change --${flag} of a run that goes on: leave it out, or begin anew in another --output-dir`,
      );
    }
  }
  const { settings, notes } = parseOverrides(args.overrides);
  for (const [path] of flatten(settings)) {
    if (CHANGEABLE.test(path)) continue;
    throw new RangeError(
      `Cannot change ${path} of a run that goes on: leave it out, or begin anew in another --output-dir`,
    );
  }
  const folder = resolve(args.outputDir);
  const config = await RunFolder.reopen(folder).config();
  const output = { train: { output_dir: folder } };
  return { config: resolveConfig(config, output, flagSettings(args), settings), notes };
}

/** Weights by absolute paths: the run may go on from elsewhere. */
function absoluteWeights({ student, teacher }: Config): Settings {
  const absolute = (path: string) => path === "" ? path : resolve(path);
  return {
    student: { pretrained_weights: absolute(student.pretrained_weights) },
    teacher: { pretrained_weights: absolute(teacher.pretrained_weights) },
  };
}

/** The training images, and where the folder has a validation part, the images of the k-NN evaluation. */
async function dataSettings(data: string | undefined): Promise<{ data: Settings; note: string[] }> {
  if (data === undefined) return { data: {}, note: [] };
  const { train, val } = await findSplits(resolve(data));
  if (val === undefined) return { data: { train: { dataset_path: train } }, note: [] };
  return {
    data: { train: { dataset_path: train }, evaluation: { val_dataset_path: val } },
    note: [`Training on ${train}, evaluating on ${val}`],
  };
}

async function presetSettings(
  args: TrainArguments,
  folder: string | undefined,
  channels: number | undefined,
): Promise<{ settings: Settings; notes: string[] }> {
  if (args.preset !== undefined) return { settings: findPreset(args.preset).settings, notes: [] };
  if (args.config !== undefined) return { settings: {}, notes: [] };
  const { name, reason } = await choosePreset(folder, { channels });
  return {
    settings: findPreset(name).settings,
    notes: [`Preset ${name}, because ${reason} (--preset chooses another)`],
  };
}

function flagSettings({ device, seed }: TrainArguments): Settings {
  return parseOverrides([
    ...(device === undefined ? [] : [`train.device=${device}`]),
    ...(seed === undefined ? [] : [`train.seed=${seed}`]),
  ]).settings;
}

/** The present time as a folder's name: 2026-11-23_09-30-00. */
function timestamp(): string {
  return new Date().toISOString().slice(0, 19).replace("T", "_").replaceAll(":", "-");
}

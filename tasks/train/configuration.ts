import { doubtsAbout } from "../../src/config/doubts.ts";
import { loadSettings } from "../../src/config/load.ts";
import type { MixtureEntry } from "../../src/config/mixture_entry.ts";
import { parseOverrides } from "../../src/config/overrides.ts";
import { findPreset } from "../../src/config/presets.ts";
import { flattenSettings, resolveConfig } from "../../src/config/resolve.ts";
import type { Config, Settings } from "../../src/config/schema.ts";
import type { ImageFolder } from "../../src/data/folder.ts";
import { findSplits } from "../../src/data/sources/splits.ts";
import { isChangeable } from "../../src/train/changeable.ts";
import { readRunConfig } from "../../src/train/run_config.ts";
import { isBuiltinData } from "../../src/train/training_data.ts";
import { absoluteEntry, withAbsolutePaths } from "./absolute_paths.ts";
import type { TrainArguments } from "./arguments.ts";

/** The recipe for the built-in dataset. */
const BUILTIN_PRESET = "first_light";

/** A run to start or to resume. */
export interface ConfiguredRun {
  /** Its configuration. */
  readonly config: Config;
  /** What the user should know about how it came about. */
  readonly notes: readonly string[];
  /** The images that the configuration names, where its preset was chosen by them. */
  readonly images?: ImageFolder;
}

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
  const { data, note } = dataSettings(args.data);
  const asked = [settings, data]; // of a file no preset is chosen
  const folder = asked.map((layer) => layer.train?.dataset_path).find((path) => path);
  const listed = asked.map((layer) => layer.data?.sources).find((sources) => sources?.length);
  const sources = listed ?? (folder ? [{ path: folder }] : []);
  const preset = await presetSettings(args, sources, settings.data?.channels);
  const output = args.outputDir === undefined ? {} : { train: { output_dir: args.outputDir } };
  const layers = [
    preset.settings,
    file?.settings ?? {},
    data,
    output,
    flagSettings(args),
    settings,
  ];
  const config = withAbsolutePaths(resolveConfig(...layers));
  if (isBuiltinData(config) && !args.dryRun) requireOwnPreset(args);
  return {
    config,
    images: preset.images,
    notes: [
      ...preset.notes,
      ...(file?.notes ?? []),
      ...note,
      ...notes,
      ...beatenFlags(args, settings),
      ...doubtsAbout(config),
    ],
  };
}

/** @throws {TypeError} If a command asks for more than the built-in dataset is made for, and names no images. */
function requireOwnPreset({ config, preset }: TrainArguments): void {
  const asked = config !== undefined
    ? `--config ${config}`
    : preset !== undefined && preset !== BUILTIN_PRESET
    ? `--preset ${preset}`
    : undefined;
  if (asked === undefined) return;
  throw new TypeError(
    `Cannot train with ${asked}: it names no images. Pass a folder with --data DIR` +
      (config === undefined ? "" : ", or set train.dataset_path in the file"),
  );
}

async function configureResumed(args: TrainArguments): Promise<ConfiguredRun> {
  if (args.outputDir === undefined) {
    throw new TypeError("Cannot resume without a run folder: pass it with --output-dir");
  }
  for (const flag of ["preset", "config", "seed"] as const) {
    if (args[flag] !== undefined) throw new TypeError(unchangeable(`--${flag}`));
  }
  const { settings, notes } = parseOverrides(args.overrides);
  for (const [path] of flattenSettings(settings)) {
    if (!isChangeable(path)) throw new RangeError(unchangeable(path));
  }
  const folder = args.outputDir;
  const run = await readRunConfig(folder);
  const { sources } = run.config.data;
  const { data, note } = sources.length > 0
    ? { data: movedSources(sources, args.data), note: [] }
    : dataSettings(args.data);
  const output = { train: { output_dir: folder } };
  const config = resolveConfig(run.config, data, output, flagSettings(args), settings);
  return {
    config: withAbsolutePaths(config),
    notes: [...run.notes, ...note, ...notes, ...beatenFlags(args, settings)],
  };
}

/** Sources that lie elsewhere now and take part as before. */
function movedSources(sources: readonly MixtureEntry[], places: readonly string[]): Settings {
  if (places.length === 0) return {};
  if (places.length === sources.length) {
    return { data: { sources: sources.map((entry, i) => ({ ...entry, path: places[i] })) } };
  }
  const command = sources.map(({ path }) => `--data ${path}`).join(" ");
  throw new TypeError(
    `Cannot resume a run of ${sources.length} sources with ${places.length}: ` +
      `pass the present place of each, in the order of ${command}`,
  );
}

function unchangeable(name: string): string {
  return `Cannot change ${name} when resuming a run: leave it out, or start a new run with another --output-dir`;
}

/** The training images, and where they have a validation part, the images of the k-NN evaluation. */
function dataSettings(sources: readonly string[]): { data: Settings; note: string[] } {
  if (sources.length > 1) {
    const entries = sources.map((path) => ({ path }));
    return { data: { train: { dataset_path: "" }, data: { sources: entries } }, note: [] };
  }
  if (sources.length === 0) return { data: {}, note: [] };
  const { train, val } = findSplits(sources[0]);
  const only = { train: { dataset_path: train }, data: { sources: [] } };
  if (val === undefined) return { data: only, note: [] };
  return {
    data: { ...only, evaluation: { val_dataset_path: val } },
    note: [`Training on ${train}, evaluating on ${val}`],
  };
}

async function presetSettings(
  args: TrainArguments,
  sources: readonly MixtureEntry[],
  channels: number | undefined,
): Promise<{ settings: Settings; notes: string[]; images?: ImageFolder }> {
  if (args.preset !== undefined) return { settings: findPreset(args.preset).settings, notes: [] };
  if (args.config !== undefined) return { settings: {}, notes: [] };
  const { choosePreset } = await import("./default_preset.ts"); // which decodes, as help does not
  const { name, reason, images } = await choosePreset(sources.map(absoluteEntry), { channels });
  return {
    images,
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

/** A note for each flag that a setting takes the place of. */
function beatenFlags({ data, outputDir, device, seed }: TrainArguments, settings: Settings) {
  const given = new Map(flattenSettings(settings).map(([path, value]) => [path, String(value)]));
  const flags: [flag: string, path: string, value: string | undefined][] = [
    ["--data", "train.dataset_path", data[0]],
    ["--output-dir", "train.output_dir", outputDir],
    ["--device", "train.device", device],
    ["--seed", "train.seed", seed],
  ];
  return flags.flatMap(([flag, path, value]) => {
    const setting = given.get(path);
    if (value === undefined || setting === undefined || setting === value) return [];
    return [`${path}=${setting} is used, not ${flag} ${value}: settings beat flags`];
  });
}

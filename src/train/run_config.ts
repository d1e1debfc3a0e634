import { join } from "@std/path";
import { listCheckpoints } from "../checkpoint/retain.ts";
import { SafetensorsFile } from "../checkpoint/safetensors.ts";
import { loadSettings } from "../config/load.ts";
import { flattenSettings, resolveConfig } from "../config/resolve.ts";
import type { Config } from "../config/schema.ts";
import { readYaml } from "../config/yaml.ts";
import { differingSettings } from "./changeable.ts";
import { CONFIG, RunFolder } from "./run_folder.ts";
import { readRunState } from "./run_state.ts";

/** The configuration of a run that is resumed. */
export interface RunConfig {
  /** What the run computes. */
  readonly config: Config;
  /** The run's name; runs of older versions have none. */
  readonly id?: string;
  /** What the user should know about how it was found. */
  readonly notes: readonly string[];
}

/** A configuration as a file tells it. */
interface Told extends Omit<RunConfig, "notes"> {
  /** The file. */
  readonly path: string;
  /** How many settings it tells. */
  readonly count: number;
}

/**
 * The configuration of the run in a folder: what `config.yaml` says where it agrees with the checkpoints, whose word counts
 * where that file is missing or damaged. Checkpoints of other runs have no say as long as there is one of this run.
 *
 * @throws {Error} If there is no run in it, `config.yaml` was edited or belongs to another run than all checkpoints, or
 * neither it nor a checkpoint tells a configuration, or checkpoints of several runs do and it does not.
 */
export async function readRunConfig(folder: string): Promise<RunConfig> {
  RunFolder.reopen(folder);
  const path = join(folder, CONFIG);
  const [told, fault] = await readTold(path);
  const checkpoints = readAllSaved(folder, told?.id);
  for (const saved of checkpoints) {
    if (told !== undefined && told.count >= saved.count) {
      const disagreement = disagreementOf(told, saved);
      if (disagreement === undefined) return { config: told.config, id: saved.id, notes: [] };
      if (isWhole(saved.path)) {
        throw new Error(
          `Cannot resume the run in ${folder}: ${disagreement}. Delete ${path} to take back the ` +
            "settings that the checkpoint holds, or start a new run with --config and another --output-dir",
        );
      }
    } else if (isWhole(saved.path)) {
      const state = told === undefined ? fault : "it lacks settings";
      const other = checkpoints.find(({ id, path }) => id !== saved.id && isWhole(path));
      if (other !== undefined) {
        throw new Error(
          `Cannot resume the run in ${folder}: ${saved.path} and ${other.path} are of different runs, and ${path} ` +
            `does not say which one is meant: ${state}. Move the files of the other run away`,
        );
      }
      const note = `Took the settings from ${saved.path}, since ${path} cannot be used: ${state}`;
      return { config: saved.config, id: saved.id, notes: [note] };
    }
  }
  if (told !== undefined && told.count > 0) {
    return { config: told.config, id: told.id, notes: [] };
  }
  throw new Error(
    `Cannot resume the run in ${folder}: ${path} cannot be used: ${
      fault ?? "it holds no settings"
    }`,
  );
}

async function readTold(path: string): Promise<[told?: Told, fault?: string]> {
  try {
    const { run_id: id, ...sections } = await readYaml(path) as Record<string, unknown>;
    const { settings } = await loadSettings(path);
    const count = flattenSettings(sections).length;
    return [{
      path,
      count,
      config: resolveConfig(settings),
      ...typeof id === "string" && { id },
    }];
  } catch (error) {
    return [undefined, (error as Error).message];
  }
}

/**
 * What the checkpoints of a folder tell, the newest first; restoring says what is wrong with those that tell nothing.
 *
 * @param id The run that is meant. Where checkpoints are of it, those of others are left out.
 */
function readAllSaved(folder: string, id: string | undefined): Told[] {
  const all = listCheckpoints(folder).reverse().flatMap(({ path }) => readSaved(path) ?? []);
  const own = all.filter((saved) => saved.id === undefined || saved.id === id);
  return own.length > 0 ? own : all;
}

function readSaved(path: string): Told | undefined {
  try {
    using file = new SafetensorsFile(path);
    const { config, run_id: id } = readRunState(file.state);
    return { path, config, id, count: flattenSettings(file.state.config as object).length };
  } catch {
    return undefined;
  }
}

/** In what a configuration file and a checkpoint cannot be of one run. */
function disagreementOf(told: Told, saved: Told): string | undefined {
  if (saved.id !== undefined && told.id !== saved.id) {
    return `its ${CONFIG} belongs to another run than ${saved.path}`;
  }
  const [first, ...others] = differingSettings(told.config, saved.config);
  if (first === undefined) return undefined;
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  return `${CONFIG} was edited: ${first.path} is ${first.found} there and ${first.saved} in ${saved.path}${more}`;
}

/** Whether a checkpoint is as it was written: a damaged one must not overrule a configuration. */
function isWhole(path: string): boolean {
  try {
    using file = new SafetensorsFile(path);
    file.verify();
    return true;
  } catch {
    return false;
  }
}

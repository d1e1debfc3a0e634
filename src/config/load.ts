import { findKey } from "./find_key.ts";
import { readReferenceKey } from "./reference_keys.ts";
import { flattenSettings, nestSettings } from "./resolve.ts";
import type { Settings } from "./schema.ts";
import { readYaml } from "./yaml.ts";

/** Settings from outside, with notes for the user. */
export interface LoadedSettings {
  /** What they set. */
  readonly settings: Settings;
  /** Keys of the reference implementation that were ignored, a line each. */
  readonly notes: readonly string[];
}

/**
 * Reads a configuration file in the reference implementation's key names, YAML or JSON (which is YAML).
 *
 * @param path The file.
 * @throws {Error} If it cannot be read or parsed.
 * @throws {TypeError} If it holds no keys.
 */
export async function loadSettings(path: string): Promise<LoadedSettings> {
  return takeSettings(flattenSettings(await readYaml(path)));
}

/**
 * Sorts dotted names and values into settings and keys of the reference that change nothing here.
 *
 * @param entries Dotted names and values; values are checked when they are resolved.
 * @throws {RangeError} If a key does not exist, or asks for something of the reference that does not exist here.
 */
export function takeSettings(entries: Iterable<readonly [string, unknown]>): LoadedSettings {
  const taken: [string, unknown][] = [];
  const notes = new Set<string>(); // many keys below one of the reference share a note
  for (const [path, value] of entries) {
    const note = readReferenceKey(path, value);
    if (note) notes.add(note);
    if (note !== undefined) continue;
    findKey(path);
    taken.push([path, value]);
  }
  return { settings: nestSettings(taken), notes: [...notes] };
}

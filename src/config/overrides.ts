import { findKey } from "./find_key.ts";
import type { Key } from "./key.ts";
import { type LoadedSettings, takeSettings } from "./load.ts";
import { readReferenceKey } from "./reference_keys.ts";
import { readYamlWord } from "./yaml.ts";

/**
 * Reads settings such as `optim.base_lr=0.002`, `ibot.mask_ratio_min_max=[0.1,0.5]` from a command line.
 *
 * @param words The words; values mean what they mean in a file of YAML, and text stays as it is.
 * @throws {TypeError} If a word is not a setting.
 * @throws {RangeError} If a key does not exist.
 */
export function parseOverrides(words: readonly string[]): LoadedSettings {
  return takeSettings(words.map((word) => {
    const equals = word.indexOf("=");
    if (equals < 1) {
      throw new TypeError(
        `Cannot read "${word}": write settings as key=value, such as optim.epochs=20`,
      );
    }
    const path = word.slice(0, equals);
    const raw = word.slice(equals + 1);
    const known = readYamlWord(raw);
    return [path, readReferenceKey(path, known) === undefined ? typed(findKey(path), raw) : known];
  }));
}

/** The word as the kind of value that the key holds, or as it is where it is no such value. */
function typed(key: Key<unknown>, raw: string): unknown {
  if (key.kind === "text" || key.kind === "choice") return raw;
  const value = readYamlWord(raw);
  return key.kind === "values" && typeof value === "number" ? [value] : value;
}

import { checkTogether } from "./check_together.ts";
import { checkValue } from "./check.ts";
import { configKeys, findKey } from "./find_key.ts";
import type { Config, Settings } from "./schema.ts";

/**
 * Makes a complete, checked configuration.
 *
 * @param layers Settings in order of growing precedence: preset, file, overrides.
 * @returns Every key with the value of the last layer that sets it, or its default; frozen.
 * @throws {TypeError} If a value is of the wrong type.
 * @throws {RangeError} If a key does not exist, a value is out of range, or two values do not go together.
 */
export function resolveConfig(...layers: Settings[]): Config {
  const values = new Map<string, unknown>();
  for (const [path, key] of configKeys) values.set(path, structuredClone(key.default));
  for (const layer of layers) {
    for (const [path, value] of flattenSettings(layer)) {
      values.set(path, checkValue(path, findKey(path), value));
    }
  }
  const config = nestSettings(values) as Config;
  checkTogether(config);
  for (const section of Object.values(config)) Object.freeze(section);
  return Object.freeze(config);
}

/**
 * The leaves of a tree of objects with their dotted names; lists are leaves.
 *
 * @param tree Nested objects.
 */
export function flattenSettings(tree: object): [path: string, value: unknown][] {
  return Object.entries(tree).flatMap(([name, value]): [string, unknown][] => {
    if (value === undefined) return [];
    if (value === null || typeof value !== "object" || Array.isArray(value)) return [[name, value]];
    return flattenSettings(value).map(([rest, leaf]) => [`${name}.${rest}`, leaf]);
  });
}

/** The tree of objects whose leaves have the given dotted names of two parts. */
export function nestSettings(values: Iterable<readonly [path: string, value: unknown]>): Settings {
  const tree: Record<string, Record<string, unknown>> = {};
  for (const [path, value] of values) {
    const [section, name] = path.split(".");
    (tree[section] ??= {})[name] = value;
  }
  return tree;
}

import type { Key } from "./key.ts";
import { nearestName } from "./nearest_name.ts";
import { schema } from "./schema.ts";

/** Every key by its dotted name, in the order of the schema. */
export const configKeys: ReadonlyMap<string, Key<unknown>> = new Map(
  Object.entries(schema).flatMap(([section, fields]) =>
    Object.entries(fields).map(([name, key]) => [`${section}.${name}`, key] as const)
  ),
);

/**
 * Finds a key.
 *
 * @param path Its dotted name, for instance "optim.base_lr".
 * @throws {RangeError} If there is none of that name; the message holds the one that may be meant.
 */
export function findKey(path: string): Key<unknown> {
  const key = configKeys.get(path);
  if (key !== undefined) return key;
  const meant = keyMeant(path);
  const hint = meant === undefined
    ? "`deno task train --help` lists them all"
    : `did you mean ${meant}?`;
  throw new RangeError(`Cannot set ${path}: there is no such key; ${hint}`);
}

/** The key that a wrong name most likely means: of another section, shortened, or misspelt. */
function keyMeant(path: string): string | undefined {
  const last = lastOf(path);
  const keys = [...configKeys.keys()];
  const siblings = keys.filter((key) => key.startsWith(path.slice(0, -last.length)));
  const likely = siblings.length > 0 ? siblings : keys;
  const name = nearestName(last, likely.map(lastOf));
  return keyCalled(last) ?? likely.find((key) => lastOf(key) === name);
}

/** The key of this name in any section, or else the first whose name begins or ends so: `lr` is `optim.base_lr`. */
export function keyCalled(name: string): string | undefined {
  const keys = [...configKeys.keys()];
  return keys.find((key) => key.endsWith(`.${name}`)) ??
    keys.find((key) => key.includes(`.${name}_`) || key.endsWith(`_${name}`));
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}

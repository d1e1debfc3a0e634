import { closestString } from "@std/text";
import type { Key } from "./key.ts";
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
 * @throws {RangeError} If there is none of that name; the message holds the nearest.
 */
export function findKey(path: string): Key<unknown> {
  const key = configKeys.get(path);
  if (key !== undefined) return key;
  throw new RangeError(
    `Cannot set ${path}: there is no such key; did you mean ${nearest(path)}?`,
  );
}

/** The name most like a misspelt one: a key of the same last part first, then the closest spelling. */
function nearest(path: string): string {
  const names = [...configKeys.keys()];
  const last = path.slice(path.lastIndexOf(".") + 1);
  const moved = names.filter((name) => name.endsWith(`.${last}`));
  return closestString(path, moved.length > 0 ? moved : names);
}

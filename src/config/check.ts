import type { Key, Range } from "./key.ts";
import { isMixture, MIXTURE_FORM } from "./mixture_entry.ts";

/**
 * Checks a value against its key.
 *
 * @param path The key's dotted name, for the message.
 * @param key What the value may be.
 * @param value The value.
 * @returns The value; lists are copied.
 * @throws {TypeError} If it is of the wrong type.
 * @throws {RangeError} If it is out of range or none of the choices.
 */
export function checkValue<T>(path: string, key: Key<T>, value: unknown): T {
  if (!hasType(key, value)) {
    throw new TypeError(
      `Cannot set ${path} to ${show(value)}: it must be ${describeAllowed(key)}${example(key)}`,
    );
  }
  const inside = key.choices === undefined || Array.isArray(value)
    ? [value].flat().every((part) => typeof part !== "number" || isInside(part, key))
    : key.choices.includes(value as T);
  if (!inside || (key.kind === "pair" && isDescending(value))) {
    throw new RangeError(
      `Cannot set ${path} to ${show(value)}: it must be ${describeAllowed(key)}`,
    );
  }
  return structuredClone(value) as T;
}

/** What a key accepts, to follow "it must be". */
export function describeAllowed(key: Key<unknown>): string {
  const range = describeRange(key);
  switch (key.kind) {
    case "choice":
      return `one of ${key.choices!.join(", ")}`;
    case "boolean":
      return "true or false";
    case "text":
      return "text";
    case "integer":
      return `an integer${range}`;
    case "number":
      return `a number${range}`;
    case "pair":
      return `a list of two ascending numbers${range}`;
    case "numbers":
      return `a list of numbers${range}`;
    case "sources":
      return MIXTURE_FORM;
    case "values":
      return `${key.choices!.join(", ")} or a list of numbers${range}, such as [0.5]`;
  }
}

/** An example for kinds of values that are not obvious to write. */
function example(key: Key<unknown>): string {
  return Array.isArray(key.default) && key.default.length > 0 ? `, such as [${key.default}]` : "";
}

function describeRange({ min, max, above, below }: Range): string {
  const low = min ?? above;
  const high = max ?? below;
  if (low !== undefined && high !== undefined) {
    return ` in ${min === undefined ? "(" : "["}${low}, ${high}${max === undefined ? ")" : "]"}`;
  }
  if (min !== undefined) return ` of at least ${min}`;
  if (above !== undefined) return ` above ${above}`;
  if (max !== undefined) return ` of at most ${max}`;
  return below === undefined ? "" : ` below ${below}`;
}

function hasType(key: Key<unknown>, value: unknown): boolean {
  switch (key.kind) {
    case "boolean":
      return typeof value === "boolean";
    case "text":
    case "choice":
      return typeof value === "string";
    case "integer":
      return Number.isSafeInteger(value);
    case "number":
      return Number.isFinite(value);
    case "pair":
      return Array.isArray(value) && value.length === 2 && value.every(Number.isFinite);
    case "values":
      return typeof value === "string" || hasType({ ...key, kind: "numbers" }, value);
    case "sources":
      return isMixture(value);
    case "numbers":
      return Array.isArray(value) && value.length > 0 && value.every(Number.isFinite);
  }
}

function isInside(value: number, { min, max, above, below }: Range): boolean {
  return value >= (min ?? -Infinity) && value <= (max ?? Infinity) &&
    value > (above ?? -Infinity) && value < (below ?? Infinity);
}

function isDescending(value: unknown): boolean {
  const [low, high] = value as [number, number];
  return low > high;
}

function show(value: unknown): string {
  const isUnwritable = typeof value === "number" && !Number.isFinite(value); // JSON has no infinity
  return isUnwritable ? String(value) : JSON.stringify(value) ?? String(value);
}

/**
 * Checks of what files claim about themselves, made before anything is allocated.
 *
 * @module
 */

/** Whether this is a list of whole numbers from 0. */
export function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(isCount);
}

/** Whether this is a whole number from 0. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && value as number >= 0;
}

/** Whether this is what JSON calls an object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * A configuration that a file holds as JSON.
 *
 * @throws {Error} When it holds none; the message completes "Cannot use …: ".
 */
export function parseObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error("it is not JSON");
  }
  if (!isRecord(value)) throw new Error("it is not a configuration");
  return value;
}

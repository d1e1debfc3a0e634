/**
 * Numbers classes.
 *
 * @module
 */

import type { TextColumn } from "./text_column.ts";

/** The label of an image whose class is not known, in a set that has classes. */
export const NO_LABEL = 0xffffffff;

/** Classes numbered from this many on are taken for a mistake: a table of their names would not fit. */
const MOST_CLASSES = 10_000_000;

/** The classes of a set, and for each image the number of its own, or {@linkcode NO_LABEL}. */
export interface NumberedClasses {
  /** Names in the order of their numbers; absent where no image has a class. */
  readonly classes?: readonly string[];
  /** For each image, the number of its class. */
  readonly labels?: Uint32Array<ArrayBuffer>;
}

/**
 * Numbers the classes of images by what is written about each.
 *
 * Where every text is a whole number, these are the numbers ("007" is 7, and below 0 means that the class is not known).
 * Otherwise every text is a name, and names are numbered in the order of their code units.
 *
 * @param columns For each image, the class as it is written; undefined or blank where none is.
 * @param classes The names of the classes where the source lists them: then texts are their numbers. Default: none.
 * @throws {RangeError} If a number is beyond any table of classes.
 */
export function numberClasses(
  columns: readonly TextColumn[],
  classes?: readonly string[],
): NumberedClasses {
  const names = new Set<string>();
  for (const { texts } of columns) for (const text of texts) names.add(text?.trim() ?? "");
  names.delete("");
  const areNumbers = [...names].every((name) => /^[+-]?\d+$/.test(name));
  const known = areNumbers ? numbered([...names], classes) : [...names].sort(byCodeUnits);
  if (known.length === 0) return {};
  const numberOf = areNumbers
    ? (name: string) => Number(name) < 0 ? NO_LABEL : Number(name)
    : numbersOf(known);
  const labels = new Uint32Array(columns.reduce((sum, { numbers }) => sum + numbers.length, 0));
  let image = 0;
  for (const { texts, numbers } of columns) {
    const ofTexts = texts.map((text = "") => text.trim() === "" ? NO_LABEL : numberOf(text.trim()));
    for (let i = 0; i < numbers.length; i++) labels[image++] = ofTexts[numbers[i]];
  }
  return { classes: known, labels };
}

function numbered(names: readonly string[], classes?: readonly string[]): readonly string[] {
  const largest = names.reduce((most, name) => Math.max(most, Number(name)), -1);
  if (largest >= MOST_CLASSES) {
    throw new RangeError(
      `Cannot number classes up to ${largest}: below ${MOST_CLASSES} they may be`,
    );
  }
  if (classes === undefined) return Array.from({ length: largest + 1 }, (_, i) => String(i));
  if (largest < classes.length) return largest < 0 ? [] : classes;
  throw new RangeError(
    `Cannot find the name of class ${largest}: only ${classes.length} are named`,
  );
}

function numbersOf(names: readonly string[]): (name: string) => number {
  const numbers = new Map(names.map((name, number) => [name, number]));
  return (name) => numbers.get(name)!;
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

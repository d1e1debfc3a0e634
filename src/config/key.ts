/**
 * What one configuration key may hold, as data: refusals, tables and documentation are all made from it.
 *
 * @module
 */

import type { MixtureEntry } from "./mixture_entry.ts";

/** The bounds of a number. */
export interface Range {
  /** Least allowed value. */
  readonly min?: number;
  /** Greatest allowed value. */
  readonly max?: number;
  /** Bound that the value must exceed. */
  readonly above?: number;
  /** Bound that the value must stay under. */
  readonly below?: number;
}

/** One configuration key. */
export interface Key<T> extends Range {
  /** What kind of value it holds. */
  readonly kind:
    | "number"
    | "integer"
    | "boolean"
    | "text"
    | "choice"
    | "pair"
    | "numbers"
    | "values"
    | "sources";
  /** Its default. */
  readonly default: T;
  /** What it means, in one line. */
  readonly doc: string;
  /** The values of a choice, or the words that may stand for numbers. */
  readonly choices?: readonly T[];
}

/** A real number within bounds. */
export function number(value: number, doc: string, range: Range = {}): Key<number> {
  return { kind: "number", default: value, doc, ...range };
}

/** A whole number within bounds, by default not negative. */
export function integer(value: number, doc: string, range: Range = { min: 0 }): Key<number> {
  return { kind: "integer", default: value, doc, ...range };
}

/** True or false. */
export function boolean(value: boolean, doc: string): Key<boolean> {
  return { kind: "boolean", default: value, doc };
}

/** Any text. */
export function text(value: string, doc: string): Key<string> {
  return { kind: "text", default: value, doc };
}

/** One of a few words. */
export function choice<const T extends string>(
  value: NoInfer<T>,
  doc: string,
  choices: readonly T[],
): Key<T> {
  return { kind: "choice", default: value, doc, choices };
}

/** Two numbers in ascending order, the ends of an interval. */
export function pair(
  value: readonly [number, number],
  doc: string,
  range: Range,
): Key<readonly [number, number]> {
  return { kind: "pair", default: value, doc, ...range };
}

/** A list of numbers within bounds. */
export function numbers(
  value: readonly number[],
  doc: string,
  range: Range,
): Key<readonly number[]> {
  return { kind: "numbers", default: value, doc, ...range };
}

/** A list of numbers within bounds, or one of a few words that stand for one. */
export function values<const T extends string>(
  value: NoInfer<T>,
  doc: string,
  { choices, ...range }: Range & { choices: readonly T[] },
): Key<readonly number[] | T> {
  return { kind: "values", default: value, doc, choices, ...range };
}

/** A list of sources of images, by default none. */
export function sources(doc: string): Key<readonly MixtureEntry[]> {
  return { kind: "sources", default: [], doc };
}

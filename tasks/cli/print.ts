/**
 * Prints what a task was asked for, or where it wrote that. Other words about the work are lines of a `Terminal`, whose
 * loss does not matter.
 *
 * @module
 */
import { printable } from "../../src/files/quoted.ts";
import { stdout } from "./terminal.ts";

/**
 * Prints a line of results, whatever stands in it.
 *
 * @throws {Error} If it cannot be written: without its results, the work has failed.
 */
export function printLine(text: string): void {
  printText(printable(text));
}

/**
 * Prints results as they are, with their lines and colours.
 *
 * @throws {Error} If they cannot be written.
 */
export function printText(text: string): void {
  if (stdout.text(text)) return;
  throw new Error("Cannot print the results: standard output is closed, or its disk is full");
}

import { printable } from "./quoted.ts";

/**
 * An error with lines below its sentence, such as one for each file at fault. Its message holds them all; whoever shows it
 * to a person shows {@linkcode DetailedError.lines}, since line ends within other messages come from names of files.
 */
export class DetailedError extends Error {
  /** The sentence, and what stands below it line by line. */
  readonly lines: readonly string[];

  /** Makes an error of so many lines. */
  constructor(lines: readonly string[], options?: ErrorOptions) {
    super(lines.map(printable).join("\n"), options);
    this.lines = lines;
  }
}

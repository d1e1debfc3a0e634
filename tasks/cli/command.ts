/** What a command line can ask for: `deno task features`, or `eval knn` of `deno task eval`. */
export interface Command {
  /** What it does, in one line. */
  readonly summary: string;
  /** What `--help` prints. */
  readonly help: string;
  /**
   * Reads the command line, and checks all of it that can be checked before the work begins.
   *
   * @param args The words after the command's name.
   * @returns What carries it out.
   * @throws {Error} If a flag does not exist, is missing or has no sensible value.
   */
  prepare(args: readonly string[]): Prepared | Promise<Prepared>;
}

/** Carries out what a command line asked for, and may end with a status other than 0. */
export type Prepared = () => number | void | Promise<number | void>;

/** A task that consists of commands: `deno task NAME COMMAND …`. */
export interface CommandGroup {
  /** The task's name. */
  readonly name: string;
  /** What it does, to follow "Cannot". */
  readonly verb: string;
  /** What it does, in one line. */
  readonly summary: string;
  /** Its commands by name. */
  readonly commands: Readonly<Record<string, Command>>;
}

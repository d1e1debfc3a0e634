/** A command of a task, such as `deno task eval knn`. */
export interface Command {
  /** What it does, in one line. */
  readonly summary: string;
  /** What `--help` prints. */
  readonly help: string;
  /**
   * Reads the command line.
   *
   * @param args The words after the command's name.
   * @returns What carries it out.
   * @throws {Error} If a flag does not exist, is missing or has no sensible value.
   */
  prepare(args: readonly string[]): Prepared | Promise<Prepared>;
}

/** Carries out what a command line asked for. */
export type Prepared = () => Promise<void>;

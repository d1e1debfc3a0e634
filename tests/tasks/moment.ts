import { fromFileUrl } from "@std/path";

/** What is to happen at which moment of a task: once it has written a text, or made a file. */
export interface Moment {
  readonly text?: string;
  readonly file?: string;
  /** A command of the shell, for which the task waits. `$PPID` is the task. */
  readonly command: string;
}

const PRELOAD = fromFileUrl(new URL("at_moment.ts", import.meta.url));

/** The flag of `deno run` and the environment by which a task has that moment; neither without one. */
export function preloaded(
  moment: Moment | undefined,
): { readonly flags: string[]; readonly env: Record<string, string> } {
  if (moment === undefined) return { flags: [], env: {} };
  return { flags: [`--preload=${PRELOAD}`], env: { AT_MOMENT: JSON.stringify(moment) } };
}

import "./inherited_signals.ts";
import { nearestName } from "../../src/config/nearest_name.ts";
import { DetailedError } from "../../src/files/detailed_error.ts";
import type { Command, CommandGroup, Prepared } from "./command.ts";
import { printText } from "./print.ts";
import { stderr } from "./terminal.ts";

/** How a process ends: the work is done, it failed, or the command line was wrong. */
const DONE = 0, FAILED = 1, WRONG_USAGE = 2;

/**
 * Carries out what the command line asks for, and ends the process: with status 0, 1 when the work failed, 2 when the
 * command line was wrong. The reason is told in a line on standard error.
 *
 * @param task What there is to ask for.
 */
export async function main(task: Command | CommandGroup): Promise<never> {
  Deno.exit(await carryOut(task, Deno.args));
}

/** Does what {@linkcode main} does, and returns the status. */
async function carryOut(task: Command | CommandGroup, args: readonly string[]): Promise<number> {
  let work: Prepared;
  try {
    const { help, prepare, words } = "commands" in task
      ? choose(task, args)
      : { ...task, words: args };
    work = words.some(asksForHelp) ? () => printText(help) : await prepare(words);
  } catch (error) {
    return tell(error, WRONG_USAGE);
  }
  try {
    return await work() ?? DONE;
  } catch (error) {
    return tell(error, FAILED);
  }
}

/** The command of a group that the first word names, and the words after it. */
function choose(
  group: CommandGroup,
  [name, ...words]: readonly string[],
): Pick<Command, "help" | "prepare"> & { readonly words: readonly string[] } {
  const { commands } = group;
  if (name === undefined) {
    const help = groupHelp(group).split("\n");
    throw new DetailedError([`Cannot ${group.verb} without a command`, "", ...help]);
  }
  if (asksForHelp(name)) {
    return { help: groupHelp(group), prepare: () => () => {}, words: [name] };
  }
  if (Object.hasOwn(commands, name)) return { ...commands[name], words };
  const nearest = nearestName(name, Object.keys(commands));
  const hint = nearest === undefined ? "." : `: did you mean "${nearest}"?`;
  throw new TypeError(`There is no command "${name}"${hint} See --help`);
}

function groupHelp({ name, summary, commands }: CommandGroup): string {
  const lines = Object.entries(commands)
    .map(([command, { summary }]) => `  ${command.padEnd(12)} ${summary}`);
  return `${summary}\n\n${
    lines.join("\n")
  }\n\ndeno task ${name} COMMAND --help lists the flags of a command`;
}

function asksForHelp(word: string): boolean {
  return word === "--help" || word === "-h";
}

function tell(error: unknown, status: number): number {
  for (const line of linesOf(error)) stderr.line(line);
  return status;
}

function linesOf(error: unknown): readonly string[] {
  if (error instanceof DetailedError) return error.lines;
  return [error instanceof Error ? error.message : String(error)];
}

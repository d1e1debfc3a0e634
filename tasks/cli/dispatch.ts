import { closestString } from "@std/text";
import type { Command } from "./command.ts";
import { asksForHelp, orExit } from "./or_exit.ts";

/** A task that consists of commands: `deno task NAME COMMAND …`. */
export interface CommandedTask {
  /** The task's name. */
  readonly name: string;
  /** What it does, to follow "Cannot". */
  readonly verb: string;
  /** What it does, in one line. */
  readonly summary: string;
  /** Its commands by name. */
  readonly commands: Readonly<Record<string, Command>>;
}

/**
 * Carries out the command that the command line names. Ends with status 0, 1 when it failed, 2 when the command line was
 * wrong.
 */
export async function dispatch(task: CommandedTask): Promise<void> {
  const [name, ...args] = Deno.args;
  if (name !== undefined && asksForHelp(name)) {
    console.log(helpOf(task));
    return;
  }
  const command = await orExit(2, () => commandOf(task, name));
  if (args.some(asksForHelp)) {
    console.log(command.help);
    return;
  }
  const run = await orExit(2, () => command.prepare(args));
  await orExit(1, run);
}

function commandOf(task: CommandedTask, name: string | undefined): Command {
  const { verb, commands } = task;
  if (name === undefined) {
    throw new TypeError(`Cannot ${verb} without a command\n\n${helpOf(task)}`);
  }
  if (Object.hasOwn(commands, name)) return commands[name];
  const nearest = closestString(name, Object.keys(commands));
  throw new TypeError(`Cannot ${verb} by "${name}": did you mean "${nearest}"? See --help`);
}

function helpOf({ name, summary, commands }: CommandedTask): string {
  const lines = Object.entries(commands)
    .map(([command, { summary }]) => `  ${command.padEnd(12)} ${summary}`);
  return `${summary}\n\n${
    lines.join("\n")
  }\n\ndeno task ${name} COMMAND --help tells the flags of a command`;
}

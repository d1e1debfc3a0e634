/**
 * `deno task eval COMMAND …`: evaluates frozen features. Ends with status 0, 1 when the evaluation failed,
 * 2 when the command line was wrong.
 *
 * @module
 */
import { closestString } from "@std/text";
import type { Command } from "./eval/command.ts";
import { knnCommand } from "./eval/knn.ts";
import { asksForHelp, orExit } from "./or_exit.ts";

const commands: Readonly<Record<string, Command>> = {
  knn: knnCommand,
};

const help = `Evaluate frozen features

${
  Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`).join(
    "\n",
  )
}

deno task eval COMMAND --help tells the flags of a command`;

function commandOf(name: string | undefined): Command {
  if (name === undefined) throw new TypeError(`Cannot evaluate without a command\n\n${help}`);
  if (Object.hasOwn(commands, name)) return commands[name];
  const nearest = closestString(name, Object.keys(commands));
  throw new TypeError(`Cannot evaluate by "${name}": did you mean "${nearest}"? See --help`);
}

const [name, ...args] = Deno.args;
if (name !== undefined && asksForHelp(name)) {
  console.log(help);
} else {
  const command = await orExit(2, () => commandOf(name));
  if (args.some(asksForHelp)) {
    console.log(command.help);
  } else {
    const evaluate = await orExit(2, () => command.prepare(args));
    await orExit(1, evaluate);
  }
}

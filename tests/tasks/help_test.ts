import "../native.ts";
import { assertEquals } from "@std/assert";
import { configKeys } from "../../src/config/find_key.ts";
import { presets } from "../../src/config/presets.ts";
import type { Command } from "../../tasks/cli/command.ts";
import { indexCommand } from "../../tasks/data/index.ts";
import { doctorCommand } from "../../tasks/doctor.ts";
import { exportCommand } from "../../tasks/export.ts";
import { trainCommand } from "../../tasks/train.ts";
import { cropsCommand } from "../../tasks/visualize/crops.ts";
import { commands } from "./commands.ts";

const all: readonly (readonly [command: Command, given: readonly string[]])[] = [
  ...commands.map(([command, given]) => [command, given] as const),
  [exportCommand, ["--weights=w", "--format=hf", "--output=o"]],
  [indexCommand, ["--data=d"]],
  [cropsCommand, ["--data=d", "--output=o"]],
  [trainCommand, ["--data=d"]],
  [doctorCommand, []],
];

/** The flags that a help lists, each at the beginning of a line. */
function flagsIn({ help }: Command): Set<string> {
  return new Set(Array.from(help.matchAll(/^ {2}--([a-z-]+)/gm), ([, flag]) => flag));
}

/** What a command line is refused with, if it is. */
async function refusal(command: Command, args: readonly string[]): Promise<string> {
  try {
    await command.prepare(args);
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}

Deno.test("each command has the flags that its help lists, and no others", async () => {
  const known = all.map(([command]) => flagsIn(command)).reduce((a, b) => a.union(b));
  known.delete("help"); // is read before
  for (const [command, given] of all) {
    const own = flagsIn(command), read: string[] = [];
    own.delete("help");
    for (const flag of known) {
      const message = await refusal(command, [...given, `--${flag}`]);
      if (!message.startsWith(`There is no flag --${flag}`)) read.push(flag);
    }
    assertEquals(read.toSorted(), [...own].toSorted(), command.summary);
  }
});

Deno.test("the help of training lists presets, and settings with their defaults and what they may be", () => {
  const lines = trainCommand.help.split("\n");
  const beginning = (name: string) => lines.find((line) => line.startsWith(`  ${name}`));
  const { summary } = presets.first_light;
  assertEquals(beginning("first_light "), `  first_light     ${summary}`);
  const doc = (path: string) => configKeys.get(path)!.doc;
  const listed = {
    "optim.base_lr=0.004": "; a number in [0, 100]",
    "crops.local_crops_scale=[0.05,0.32]": "; a list of two ascending numbers in [0, 1]",
    'train.centering="centering"': "; one of centering, sinkhorn_knopp",
    "ibot.separate_head=false": "",
    'train.dataset_path=""': "",
  };
  for (const [setting, allowed] of Object.entries(listed)) {
    const line = `  ${setting.padEnd(44)}  ${doc(setting.split("=")[0])}${allowed}`;
    assertEquals(beginning(setting), line);
  }
  const settings = lines.slice(lines.indexOf("Settings with their defaults") + 1);
  assertEquals(settings.length, configKeys.size);
  const titles = ["Presets", "Settings with their defaults"].map((title) => lines.indexOf(title));
  assertEquals(titles.every((at) => at > 0 && lines[at - 1] === ""), true);
});

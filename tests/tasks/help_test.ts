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
import { checkCommand } from "../../tasks/data/check.ts";
import { listCommand } from "../../tasks/data/list.ts";
import { shardCommand } from "../../tasks/data/shard.ts";
import { statsCommand } from "../../tasks/data/stats.ts";
import { depthCommand } from "../../tasks/eval/depth.ts";
import { fewShotCommand } from "../../tasks/eval/fewshot.ts";
import { knnCommand } from "../../tasks/eval/knn.ts";
import { linearCommand } from "../../tasks/eval/linear.ts";
import { logregCommand } from "../../tasks/eval/logreg.ts";
import { retrievalCommand } from "../../tasks/eval/retrieval.ts";
import { segmentationCommand } from "../../tasks/eval/segmentation.ts";
import { featuresCommand } from "../../tasks/features.ts";
import { attentionCommand } from "../../tasks/visualize/attention.ts";
import { neighboursCommand } from "../../tasks/visualize/neighbours.ts";
import { pcaCommand } from "../../tasks/visualize/pca.ts";
import { similarityCommand } from "../../tasks/visualize/similarity.ts";
import { commands } from "./commands.ts";
import { runTask } from "./run_task.ts";

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

/** The defaults that help states; that they are those in force is tested command by command. */
const stated: readonly (readonly [command: Command, defaults: Record<string, string>])[] = [
  [knnCommand, { "batch-size": "128", "temperature": "0.07", "n-tries": "1" }],
  [knnCommand, { "image-size": "that of the run, else 224" }],
  [knnCommand, { "num-workers": "one for each core, at most 10" }],
  [linearCommand, { "epochs": "10", "epoch-length": "1250, fewer if that covers all images" }],
  [linearCommand, { "learning-rates": "13 from 1e-5 to 0.1", "seed": "0" }],
  [logregCommand, { "c-values": "45 from 1e-6 to 1e5", "max-train-iters": "1000", "seed": "0" }],
  [fewShotCommand, { "n-tries": "5", "classifier": "both", "temperature": "0.07", "c": "1" }],
  [segmentationCommand, { "iterations": "40000", "batch-size": "16", "lr": "0.001", "seed": "0" }],
  [segmentationCommand, { "image-size": "512, --ms: 640" }],
  [segmentationCommand, { "stride": "two thirds of --image-size, --ms: half" }],
  [depthCommand, { "iterations": "38400", "batch-size": "16", "lr": "0.0001", "seed": "0" }],
  [depthCommand, { "depth-scale": "1000: millimetres (KITTI: 256)", "max-depth": "10, kitti: 80" }],
  [depthCommand, { "crop-size": "416,544, kitti: 352,704", "layers": "1" }],
  [featuresCommand, { "batch-size": "128", "interpolation": "what they specify, else bicubic" }],
  [featuresCommand, { "crop-mode": "what they specify, else center" }],
  [pcaCommand, { "count": "8", "threshold": "0" }],
  [attentionCommand, { "count": "8", "block": "the last" }],
  [similarityCommand, { "count": "8", "image": "the first" }],
  [neighboursCommand, { "count": "8", "neighbours": "5", "batch-size": "128" }],
  [shardCommand, { "per-shard": "10000", "num-workers": "one for each core, at most 10" }],
  [cropsCommand, { "count": "8" }],
  [trainCommand, { "seed": "0", "output-dir": "runs/<date-time>" }],
];

Deno.test("help states the defaults", () => {
  for (const [{ help, summary }, defaults] of stated) {
    const entries = help.split(/^(?= {2}--)/m).map((entry) => entry.replace(/\s+/g, " ").trim());
    for (const [flag, value] of Object.entries(defaults)) {
      const entry = entries.find((entry) => entry.startsWith(`--${flag} `)) ?? "";
      const [, found] = /default:? (.*?)(?:\. |;| key=value|$)/.exec(entry) ?? [];
      assertEquals(found, value, `${summary}: --${flag}`);
    }
  }
});

Deno.test("a group lists its commands by their names, each with what it does", async () => {
  const groups: Record<string, Record<string, Command>> = {
    data: {
      ...{ list: listCommand, check: checkCommand, stats: statsCommand },
      ...{ index: indexCommand, shard: shardCommand },
    },
    eval: {
      ...{ knn: knnCommand, linear: linearCommand, logreg: logregCommand },
      ...{ fewshot: fewShotCommand, retrieval: retrievalCommand },
      ...{ segmentation: segmentationCommand, depth: depthCommand },
    },
    visualize: {
      ...{ pca: pcaCommand, attention: attentionCommand, similarity: similarityCommand },
      ...{ neighbours: neighboursCommand, crops: cropsCommand },
    },
  };
  for (const [group, members] of Object.entries(groups)) {
    const lines = Object.entries(members)
      .map(([name, { summary }]) => `  ${name.padEnd(12)} ${summary}`);
    const { output } = await runTask(group, "--help");
    assertEquals(output.trimEnd().split("\n").slice(1), [
      ...["", ...lines, ""],
      `deno task ${group} COMMAND --help lists the flags of a command`,
    ]);
  }
});

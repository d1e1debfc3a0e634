import { openTrainingImages } from "../../src/train/training_data.ts";
import { withStatistics } from "../../src/train/run_normalization.ts";
import { cropSheet, firstBatch } from "../../src/visualize/crops.ts";
import { writePictures } from "../../src/visualize/png.ts";
import type { Command } from "../cli/command.ts";
import { Flags } from "../cli/flags.ts";
import { stdout } from "../cli/terminal.ts";
import { configure, type ConfiguredRun } from "../train/configuration.ts";
import { checkOutput, reportPictures } from "./output.ts";

const help = `Show the crops and masks of the first step of a run

  deno task visualize crops --data DIR --preset vits14 --output pictures crops.local_crops_number=4

Flags
  --data DIR             images, nested or flat; of train/ if it has one
  --output DIR           where the picture goes, beside --data and not in it
  --preset NAME          a preset; default: the one deno task train chooses
  --config FILE          settings in YAML or JSON, such as config.yaml of a run folder
  --seed N               random seed; the same seed gives the same picture
  --count N              images to show, of those in the first batch; default 8
  key=value              any setting that deno task train --help lists
  --help                 this text

Writes crops.png, a row for each image: the image, the two global crops with the patches that are
masked for iBOT in violet, and the local crops. No weights are needed`;

const names = {
  required: ["data", "output"],
  repeated: ["data"],
  optional: ["preset", "config", "seed", "count"],
  settings: true,
};

/** `deno task visualize crops`: what training sees. */
export const cropsCommand: Command = {
  summary: "crops and masks as training sees them",
  help,
  async prepare(args) {
    const flags = new Flags(args, names);
    const asked = { output: flags.path("output"), count: flags.count("count") ?? 8 };
    const configured = await configure({
      data: flags.sources("data"),
      preset: flags.optional("preset"),
      config: flags.optionalPath("config"),
      seed: flags.optional("seed"),
      overrides: flags.settings,
      resume: false,
      dryRun: true,
    });
    for (const data of flags.sources("data")) checkOutput(asked.output, data);
    return () => run(configured, asked);
  },
};

async function run(
  configured: ConfiguredRun,
  { output, count }: { output: string; count: number },
): Promise<void> {
  for (const note of configured.notes) stdout.line(note);
  const folder = configured.images ?? await openTrainingImages(configured.config);
  const config = await withStatistics(configured.config, folder, (note) => stdout.line(note));
  const batch = await firstBatch(folder, config);
  using picture = cropSheet(batch, config, count);
  reportPictures(writePictures(output, [{ name: "crops", picture }]));
}

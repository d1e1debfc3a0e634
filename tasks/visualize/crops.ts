import type { Command } from "../cli/command.ts";
import { Flags } from "../cli/flags.ts";

const help = `Show crops and masks as the networks see them in the first step of a run

  deno task visualize crops --data DIR --preset vits14 --output pictures crops.local_crops_number=4

Flags
  --data DIR             images, nested or flat; with train/ in it, those
  --output DIR           where the picture goes, beside --data and not in it
  --preset NAME          a recipe; default: chosen as deno task train chooses
  --config FILE          settings in YAML or JSON, such as config.yaml of a run folder
  --seed N               seed of everything random; the same seed gives the same picture
  --count N              images to show, of those in the first batch; default 8
  key=value              any setting that deno task train --help lists
  --help                 this text

Writes crops.png, a row for each image: the image, the two global crops with the patches that are
masked for iBOT in violet, and the local crops. No weights are needed`;

const names = {
  required: ["data", "output"],
  optional: ["preset", "config", "seed", "count"],
  switches: [],
  settings: true,
};

/** `deno task visualize crops`: what training sees. */
export const cropsCommand: Command = {
  summary: "crops and masks as training sees them",
  help,
  async prepare(args) {
    const flags = new Flags(args, names);
    const asked = { output: flags.text("output"), count: flags.count("count") ?? 8 };
    const { configure } = await import("../train/configuration.ts");
    const run = await configure({
      data: flags.text("data"),
      preset: flags.optional("preset"),
      config: flags.optional("config"),
      seed: flags.optional("seed"),
      overrides: flags.settings,
      resume: false,
      dryRun: false,
      help: false,
    });
    return async () => (await import("./run_crops.ts")).runCrops(run, asked);
  },
};

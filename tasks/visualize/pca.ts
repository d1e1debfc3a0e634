import { foregroundRules } from "../../src/visualize/foreground.ts";
import { pcaPictures } from "../../src/visualize/pca.ts";
import type { Command } from "../cli/command.ts";
import { Flags } from "../cli/flags.ts";
import { drawPatches } from "./draw_patches.ts";
import { modelArguments, modelFlags, patchHelp } from "./model_flags.ts";

const help = `Show principal components of patch features as colours

  deno task visualize pca --weights runs/a --data DIR --output pictures

Flags
${patchHelp}
  --foreground NAME      which side of the first principal component is shown:
                         border    the one that the images' borders lie less on (default)
                         positive  or negative: the other one, if "border" picks the wrong side
                         all       both, without a mask
  --threshold X          how far a patch must be on that side, in standard deviations; default 0;
                         below it as --threshold=-0.5
  --help                 this text

Writes PATH.pca.png for each image and pca.png with all of them. The components are those of all
images together: patches of one colour have similar features`;

const names = {
  required: modelFlags.required,
  optional: [...modelFlags.optional, "foreground", "threshold"],
};

/** `deno task visualize pca`: principal components of patch features. */
export const pcaCommand: Command = {
  summary: "principal components of patch features as colours, shared by all images",
  help,
  prepare(args) {
    const flags = new Flags(args, names);
    const asked = modelArguments(flags);
    const options = {
      foreground: flags.choice("foreground", foregroundRules),
      threshold: flags.number("threshold"),
    };
    return () =>
      drawPatches(
        asked,
        (backbone, images, imageSize) => pcaPictures(backbone, images, { ...options, imageSize }),
      );
  },
};

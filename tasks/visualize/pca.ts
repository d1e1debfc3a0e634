import { pcaPictures } from "../../src/visualize/pca.ts";
import { foregroundRules } from "../../src/visualize/foreground.ts";
import type { Command } from "../cli/command.ts";
import { Flags } from "../cli/flags.ts";
import { drawPatches } from "./draw_patches.ts";
import { modelArguments, modelFlags, patchHelp } from "./model_flags.ts";

const help = `Show what the patches of images have in common, as colours

  deno task visualize pca --weights runs/a --data DIR --output pictures

Flags
${patchHelp}
  --foreground NAME      which side of the first principal component is shown:
                         border    the one that the images' borders lie less on (default)
                         positive  or negative: the other one, where "border" chose wrongly
                         all       both, without a mask
  --threshold X          how far a patch must lie on that side, in standard deviations; default 0;
                         below it as --threshold=-0.5
  --help                 this text

Writes PATH.pca.png for each image and pca.png with all of them. The components are those of all
images together: what has the same colour is alike to the network`;

const names = {
  required: modelFlags.required,
  optional: [...modelFlags.optional, "foreground", "threshold"],
};

/** `deno task visualize pca`: principal components of patch features. */
export const pcaCommand: Command = {
  summary: "principal components of the patches as colours, over several images",
  help,
  prepare(args) {
    const flags = new Flags(args, names);
    const asked = modelArguments(flags);
    const options = {
      foreground: flags.choice("foreground", foregroundRules),
      threshold: flags.number("threshold"),
    };
    return async () => {
      await drawPatches(
        asked,
        (backbone, images, imageSize) => pcaPictures(backbone, images, { ...options, imageSize }),
      );
    };
  },
};

import { attentionPictures } from "../../src/visualize/attention.ts";
import type { Command } from "../cli/command.ts";
import { Flags } from "../cli/flags.ts";
import { drawPatches } from "./draw_patches.ts";
import { modelArguments, modelFlags, patchHelp } from "./model_flags.ts";

const help = `Show which patches the class token attends to, head by head

  deno task visualize attention --weights runs/a --data DIR --output pictures

Flags
${patchHelp}
  --block N              which block, counted from 0; default the last
  --help                 this text

Writes PATH.attention.png for each image: the image and the mean of the heads, then the heads, as
heat and laid over the image; and attention.png with the means of all images. Each map is scaled from
its minimum to its maximum`;

const names = {
  required: modelFlags.required,
  optional: [...modelFlags.optional, "block"],
};

/** `deno task visualize attention`: the attention of the class token. */
export const attentionCommand: Command = {
  summary: "attention of the class token on the patches, head by head",
  help,
  prepare(args) {
    const flags = new Flags(args, names);
    const asked = modelArguments(flags);
    const block = flags.index("block");
    return () =>
      drawPatches(
        asked,
        (backbone, images, imageSize) => attentionPictures(backbone, images, { imageSize, block }),
      );
  },
};

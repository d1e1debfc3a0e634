import { similarityPictures } from "../../src/visualize/similarity.ts";
import type { Command } from "../cli/command.ts";
import { Flags } from "../cli/flags.ts";
import { stdout } from "../cli/terminal.ts";
import { drawPatches } from "./draw_patches.ts";
import { modelArguments, modelFlags, patchHelp } from "./model_flags.ts";

const help = `Show the similarity of each patch to a chosen one, in its image and in others

  deno task visualize similarity --weights runs/a --data DIR --output pictures --at 120,80

Flags
${patchHelp}
  --at X,Y               the point whose patch is chosen, in pixels of the image as it is in the file,
                         or as EXIF turns it where the weights' images were turned
  --image PATH           the image it lies in, as a path in --data; default the first
  --help                 this text

Writes PATH.similarity.png for each image and similarity.png with all of them: cosine similarities in
the same colours everywhere, from the minimum to the maximum`;

const names = {
  required: [...modelFlags.required, "at"],
  optional: [...modelFlags.optional, "image"],
};

/** `deno task visualize similarity`: cosine similarity to a chosen patch. */
export const similarityCommand: Command = {
  summary: "cosine similarity of patches to a chosen one, in one image and in others",
  help,
  prepare(args) {
    const flags = new Flags(args, names);
    const asked = { ...modelArguments(flags), first: flags.optional("image") };
    const point = flags.point("at");
    return () =>
      drawPatches(asked, (backbone, images, imageSize) => {
        const { pictures, range } = similarityPictures(backbone, images, point, { imageSize });
        const [least, greatest] = range.map((value) => value.toFixed(3));
        const [x, y] = point;
        stdout.line(
          `Similarities to the patch at ${x},${y} of ${images[0].path}: ${least} to ${greatest}`,
        );
        return pictures;
      });
  },
};

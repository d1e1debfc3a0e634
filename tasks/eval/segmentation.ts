import { Flags } from "../cli/flags.ts";
import type { Command } from "../cli/command.ts";
import { requiredFlags } from "./common_flags.ts";
import { denseArguments, denseFlags, denseHelp } from "./dense_flags.ts";
import type { SegmentationArguments } from "./run_segmentation.ts";

const help = `Segment images linearly by frozen patch features

  deno task eval segmentation --weights runs/a --train VOC --train-split train --val VOC --val-split val \\
    --classes 21 --output segmentation.json
  deno task eval segmentation --weights runs/a --train ADE --train-split training --val ADE \\
    --val-split validation --classes 150 --reduce-zero-label

Flags
${
  denseHelp({
    pairs: `DIR/images and DIR/annotations, or DIR/JPEGImages and
                         DIR/SegmentationClass; a mask is a PNG of the same stem, gray or palette,
                         with the number of its class in each pixel, 255 for none`,
    iterations: "40000",
    lr: "0.001",
  })
}
  --classes N|FILE       how many classes there are, or a file with a name in each line
  --reduce-zero-label    0 in masks is no class and 1 the first, as in ADE20K
  --image-size N         short side of images, side of crops and windows; default 512, --ms: 640
  --stride N             pixels between windows; default two thirds of --image-size, --ms: half
  --ms                   four blocks, five scales and mirrored images: much slower
  --help                 this text`;

const names = {
  required: [...requiredFlags, "classes"],
  optional: [...denseFlags, "image-size", "stride"],
  switches: ["reduce-zero-label", "ms"],
};

/** `deno task eval segmentation`: linear segmentation by the protocol of the reference. */
export const segmentationCommand: Command = {
  summary: "linear semantic segmentation",
  help,
  prepare(args) {
    const flags = new Flags(args, names);
    const asked: SegmentationArguments = {
      ...denseArguments(flags),
      classes: flags.text("classes"),
      reduceZeroLabel: flags.has("reduce-zero-label"),
      protocol: {
        ms: flags.has("ms"),
        imageSize: flags.count("image-size"),
        stride: flags.count("stride"),
      },
    };
    // Loads the native library: not before the command line is known to be right.
    return async () => (await import("./run_segmentation.ts")).runSegmentation(asked);
  },
};

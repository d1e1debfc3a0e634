import { evaluateSegmentation } from "../../src/eval/dense/evaluate_segmentation.ts";
import {
  segmentationProtocol,
  type SegmentationProtocolOptions,
} from "../../src/eval/dense/segmentation_protocol.ts";
import type { SegmentationScores } from "../../src/eval/dense/segmentation_scores.ts";
import { trainSegmentation } from "../../src/eval/dense/train_segmentation.ts";
import type { Command } from "../cli/command.ts";
import { Flags } from "../cli/flags.ts";
import { absolutePath } from "../cli/paths.ts";
import { requiredFlags } from "./common_flags.ts";
import { runDense } from "./dense_evaluation.ts";
import { type DenseArguments, denseArguments, denseFlags, denseHelp } from "./dense_flags.ts";
import { percent } from "./percent.ts";

const help = `Linear segmentation probe on frozen patch features

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
  --reduce-zero-label    in masks 0 is no class and 1 the first, as in ADE20K
  --image-size N         short side of images, side of crops and windows; default 512, --ms: 640
  --stride N             pixels between windows; default two thirds of --image-size, --ms: half
  --ms                   four blocks, five scales and flips: much slower
  --help                 this text`;

const names = {
  required: [...requiredFlags, "classes"],
  optional: [...denseFlags, "image-size", "stride"],
  switches: ["reduce-zero-label", "ms"],
};

/** `deno task eval segmentation`: linear segmentation by the protocol of the reference. */
export const segmentationCommand: Command = {
  summary: "linear semantic segmentation probe",
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
    return () => run(asked);
  },
};

/** What a command line of `deno task eval segmentation` asks for. */
interface SegmentationArguments extends DenseArguments {
  /** How many classes there are, or a file that names them. */
  readonly classes: string;
  /** Whether 0 in masks is no class. */
  readonly reduceZeroLabel: boolean;
  /** How images are seen. */
  readonly protocol: SegmentationProtocolOptions;
}

const MOST_CLASSES = 255;

async function run(asked: SegmentationArguments): Promise<void> {
  const protocol = segmentationProtocol(asked.protocol);
  const classes = readClasses(asked.classes);
  const { reduceZeroLabel } = asked;
  await runDense(asked, {
    kind: { kind: "labels", numClasses: classes.length, reduceZeroLabel },
    train: (backbone, folder, options) => trainSegmentation(backbone, folder, protocol, options),
    evaluate: (trained, folder, options) =>
      evaluateSegmentation({ ...trained, protocol }, folder, options),
    lines: (scores) => table(scores, classes),
    results: ({ mIoU, mAcc, aAcc, IoU, Acc }) => ({
      mIoU: mIoU.percent,
      mAcc: mAcc.percent,
      aAcc: aAcc.percent,
      intervals: { mIoU: mIoU.interval, mAcc: mAcc.interval, aAcc: aAcc.interval },
      IoU: Object.fromEntries(classes.map((name, i) => [name, IoU[i]])),
      Acc: Object.fromEntries(classes.map((name, i) => [name, Acc[i]])),
      image_size: protocol.imageSize,
      stride: protocol.stride,
      scales: protocol.scales,
    }),
  });
}

/** The names of the classes; their numbers where only a count is given. */
function readClasses(asked: string): string[] {
  const names = /^\d+$/.test(asked)
    ? Array.from({ length: Number(asked) }, (_, i) => String(i))
    : readNames(asked);
  const isUnique = new Set(names).size === names.length;
  if (names.length >= 1 && names.length <= MOST_CLASSES && isUnique) return names;
  const found = isUnique ? `${names.length} classes` : "a name twice";
  throw new Error(`Cannot use --classes ${asked} with ${found}: give 1 to ${MOST_CLASSES}`);
}

function readNames(path: string): string[] {
  try {
    return Deno.readTextFileSync(absolutePath(path)).split("\n").map((line) => line.trim())
      .filter((line) => line !== "");
  } catch (cause) {
    throw new Error(
      `Cannot read --classes ${path}: give a number, or a file with a name in each line (${
        (cause as Error).message
      })`,
      { cause },
    );
  }
}

function table(
  { mIoU, mAcc, aAcc, IoU }: SegmentationScores,
  classes: readonly string[],
): string[] {
  const width = Math.max(...classes.map(({ length }) => length));
  return [
    `  mIoU ${percent(mIoU)}`,
    `  mAcc ${percent(mAcc)}`,
    `  aAcc ${percent(aAcc)}`,
    ...classes.map((name, i) => `  IoU of ${name.padEnd(width)}  ${IoU[i]?.toFixed(2) ?? "-"} %`),
  ];
}

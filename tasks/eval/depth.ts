import {
  depthDatasets,
  depthProtocol,
  type DepthProtocolOptions,
} from "../../src/eval/dense/depth_protocol.ts";
import { depthMetrics, type DepthScores } from "../../src/eval/dense/depth_scores.ts";
import { evaluateDepth } from "../../src/eval/dense/evaluate_depth.ts";
import { trainDepth } from "../../src/eval/dense/train_depth.ts";
import type { Command } from "../cli/command.ts";
import { Flags } from "../cli/flags.ts";
import { requiredFlags } from "./common_flags.ts";
import { runDense } from "./dense_evaluation.ts";
import { type DenseArguments, denseArguments, denseFlags, denseHelp } from "./dense_flags.ts";

const help = `Linear depth probe on frozen patch features

  deno task eval depth --weights runs/a --train NYU/train --val NYU/test --output depth.json

Flags
${
  denseHelp({
    pairs: `DIR/images or DIR/rgb, and DIR/depth; a depth map is a gray PNG of
                         the same stem, 0 where unknown, or a .npy`,
    iterations: "38400",
    lr: "0.0001",
  })
}
  --depth-scale X        what whole numbers in depth maps are divided by to give metres; default
                         1000: millimetres (KITTI: 256). Fractions in .npy are metres
  --dataset NAME         evaluation windows: nyu (default, images of 640x480), kitti, or plain for others
  --max-depth X          greatest depth in metres; default 10, kitti: 80
  --crop-size ROWS,COLS  size of training views; default 416,544, kitti: 352,704
  --layers 1|4           blocks the head sees; default 1
  --help                 this text`;

const names = {
  required: requiredFlags,
  optional: [...denseFlags, "depth-scale", "dataset", "max-depth", "crop-size", "layers"],
};

/** `deno task eval depth`: linear depth estimation by the protocol of the reference. */
export const depthCommand: Command = {
  summary: "linear depth probe",
  help,
  prepare(args) {
    const flags = new Flags(args, names);
    const asked: DepthArguments = {
      ...denseArguments(flags),
      scale: flags.positive("depth-scale"),
      protocol: {
        dataset: flags.choice("dataset", depthDatasets),
        layers: flags.choice("layers", ["1", "4"]) === "4" ? 4 : 1,
        maxDepth: flags.positive("max-depth"),
        cropSize: cropSize(flags.counts("crop-size")),
      },
    };
    return () => run(asked);
  },
};

function cropSize(sides: readonly number[] | undefined): readonly [number, number] | undefined {
  if (sides === undefined) return undefined;
  const [rows, columns, ...rest] = sides;
  if (columns !== undefined && rest.length === 0) return [rows, columns];
  throw new TypeError(`Cannot read --crop-size ${sides.join(",")}: give rows,columns`);
}

/** What a command line of `deno task eval depth` asks for. */
interface DepthArguments extends DenseArguments {
  /** What whole numbers in depth maps are divided by to give metres. */
  readonly scale?: number;
  /** How images are seen. */
  readonly protocol: DepthProtocolOptions;
}

const MILLIMETRES = 1000;

async function run(asked: DepthArguments): Promise<void> {
  const protocol = depthProtocol(asked.protocol);
  const { scale = MILLIMETRES } = asked;
  await runDense(asked, {
    kind: { kind: "depth", scale },
    train: (backbone, folder, options) => trainDepth(backbone, folder, protocol, options),
    evaluate: (trained, folder, options) =>
      evaluateDepth({ ...trained, protocol }, folder, options),
    lines: table,
    results: (scores) => ({
      ...Object.fromEntries(depthMetrics.map((name) => [name, scores[name].mean])),
      intervals: Object.fromEntries(depthMetrics.map((name) => [name, scores[name].interval])),
      layers: protocol.layers,
      max_depth: protocol.maxDepth,
      crop_size: protocol.cropSize,
      dataset: asked.protocol.dataset ?? "nyu",
      depth_scale: scale,
    }),
  });
}

function table(scores: DepthScores): string[] {
  return depthMetrics.map((name) => {
    const { mean, interval: [low, high] } = scores[name];
    return `  ${name.padEnd(9)} ${mean.toFixed(4)} (${low.toFixed(4)} to ${high.toFixed(4)})`;
  });
}

/**
 * `deno task features --weights W --data DIR --output FILE`: computes features of images. Ends with status 0, 1 when that
 * failed, 2 when the command line was wrong.
 *
 * @module
 */
import type { Backbone } from "../src/backbone/backbone.ts";
import { describePreprocessing, imageViewOf } from "../src/backbone/preprocessing.ts";
import type { WeightsOptions } from "../src/backbone/recognise/backbone_file.ts";
import { type FeatureKind, featureKinds, tokenEmbedding } from "../src/features/embedding.ts";
import { EvaluationSet } from "../src/features/evaluation_set.ts";
import { extractFeatures } from "../src/features/extract_features.ts";
import { checkFeaturePath, type WrittenFeatures } from "../src/features/files/feature_writer.ts";
import { counted } from "../src/files/quoted.ts";
import { chooseDevice, type Device } from "../src/tensor/device.ts";
import type { Command } from "./cli/command.ts";
import { Flags } from "./cli/flags.ts";
import { untilStopped } from "./cli/interruption.ts";
import { main } from "./cli/main.ts";
import { openSource } from "./cli/open_source.ts";
import { checkWritable } from "./cli/output_file.ts";
import { shownPath } from "./cli/paths.ts";
import { printLine } from "./cli/print.ts";
import { Progress } from "./cli/progress.ts";
import { tellSkipped } from "./cli/results.ts";
import { stdout } from "./cli/terminal.ts";
import {
  openBackbone,
  viewFlags,
  viewHelp,
  viewOptions,
  weightsFlags,
  weightsHelp,
} from "./cli/weights.ts";

const help = `Compute features of images

  deno task features --weights runs/a --data DIR --output features.safetensors

Flags
${weightsHelp}
  --data SOURCE          images: a folder, a list, shards or another source that deno task data list
                         --help names; classes are recorded
  --output FILE          .safetensors, .npy (paths and classes in a .csv beside it) or .csv
  --kind NAME            cls         the class token (default)
                         patch-mean  the mean of the patch tokens
                         patch-grid  every patch token: [image, width, rows, columns]
  --device NAME          cpu, cuda, cuda:N or auto (default)
${viewHelp}
  --batch-size N         images per batch; default 128
  --num-workers N        decoding threads; default one for each core, at most 10
  --help                 this text

Features come after the final norm, and are not scaled to length 1. They are written as they are
computed; the same command resumes where a killed one stopped`;

/** What a command line of `deno task features` asks for. */
interface FeaturesArguments {
  /** A run folder or a file of weights. */
  readonly weights: string;
  /** What the weights do not say. */
  readonly known: WeightsOptions;
  /** The folder of images. */
  readonly data: string;
  /** Where the features go. */
  readonly output: string;
  /** Which features. */
  readonly kind: FeatureKind;
  /** Where to compute. */
  readonly device: string;
  /** Images computed at a time. */
  readonly batchSize?: number;
  /** Decoding threads. */
  readonly workers?: number;
}

function readArguments(args: readonly string[]): FeaturesArguments {
  const flags = new Flags(args, {
    required: ["weights", "data", "output"],
    optional: [...weightsFlags, "kind", "device", ...viewFlags, "batch-size", "num-workers"],
  });
  const kind = flags.choice("kind", featureKinds) ?? "cls";
  const output = flags.path("output");
  checkFeaturePath(output, kind);
  return {
    weights: flags.path("weights"),
    known: viewOptions(flags),
    data: flags.source("data"),
    output,
    kind,
    device: flags.optional("device") ?? "auto",
    batchSize: flags.count("batch-size"),
    workers: flags.count("num-workers"),
  };
}

async function run(asked: FeaturesArguments, signal: AbortSignal): Promise<void> {
  const { kind, batchSize, workers } = asked;
  const device = chooseDevice(asked.device);
  checkWritable(asked.output);
  const backbone = openBackbone(asked, device);
  const channels = backbone.model.options.inChans;
  const folder = await openSource(asked.data, { channels, signal });
  stdout.line(describePreprocessing(backbone.preprocessing));
  using images = new EvaluationSet(folder, {
    channels,
    ...imageViewOf(backbone.preprocessing),
    batchSize,
    workers,
    onNote: (text) => stdout.line(text),
    keepBytes: 0,
  });
  const { shape, files } = await extract(images, asked, { backbone, device, signal });
  backbone.model.dispose();
  tellSkipped(folder, images.brokenFiles);
  printLine(
    `${kind} of ${counted(shape[0], "image")} of ${images.seen.imageSize} pixels: [${shape}]`,
  );
  printLine(`Wrote features to ${files.map(shownPath).join(" and ")}`);
}

async function extract(
  images: EvaluationSet,
  { output, kind }: FeaturesArguments,
  { backbone, ...options }: { backbone: Backbone; device: Device; signal: AbortSignal },
): Promise<WrittenFeatures> {
  using progress = new Progress("features");
  const embed = tokenEmbedding(backbone, kind);
  return await extractFeatures(images, embed, output, {
    facts: { weights: backbone.path },
    ...options,
    onResume: (done) => progress.resume(done),
    onProgress: (done) => progress.show(done, images.folder.paths.length),
    onNote: (text) => stdout.line(text),
  });
}

/** `deno task features`. */
export const featuresCommand: Command = {
  summary: "Compute features of images",
  help,
  prepare(args) {
    const asked = readArguments(args);
    const reason = "Stopped; what was computed is kept, and the same command resumes it";
    return () => untilStopped(reason, (signal) => run(asked, signal));
  },
};

if (import.meta.main) await main(featuresCommand);

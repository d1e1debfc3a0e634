import type { Command } from "./command.ts";
import { Flags } from "../flags.ts";
import { weightsFlags, weightsHelp, weightsOptions } from "../weights_flags.ts";
import type { KnnArguments } from "./run_knn.ts";

const help = `Classify images by their nearest neighbours among labelled ones

  deno task eval knn --weights runs/a --train DIR/train --val DIR/val --output knn.json

Flags
${weightsHelp}
  --train DIR            labelled images that vote: a folder for each class
  --val DIR              labelled images to classify
  --output FILE          results as JSON; default: on the terminal only
  --device NAME          cpu, cuda, cuda:N or auto (default)
  --image-size N         side of the images after cropping; default: that of the run, else 224
  --batch-size N         images computed at a time; default 128
  --num-workers N        decoding threads; default one for each core
  --nb-knn 10,20,100,200 numbers of neighbours
  --temperature X        temperature of the votes; default 0.07
  --n-per-class 1,5      also with only so many training images of each class
  --n-tries N            random choices of these to average; default 1
  --pixels               also by raw pixels, for comparison
  --help                 this text`;

const names = {
  required: ["weights", "train", "val"],
  optional: [
    ...weightsFlags,
    "output",
    "device",
    "image-size",
    "batch-size",
    "num-workers",
    "nb-knn",
    "temperature",
    "n-per-class",
    "n-tries",
  ],
  switches: ["pixels"],
};

/** `deno task eval knn`: weighted k-NN by the protocol of the reference. */
export const knnCommand: Command = {
  summary: "weighted k-nearest-neighbour classification",
  help,
  prepare(args) {
    const flags = new Flags(args, names);
    const asked: KnnArguments = {
      weights: flags.text("weights"),
      known: weightsOptions(flags),
      train: flags.text("train"),
      val: flags.text("val"),
      output: flags.optional("output"),
      device: flags.optional("device") ?? "auto",
      imageSize: flags.count("image-size"),
      batchSize: flags.count("batch-size"),
      workers: flags.count("num-workers"),
      pixels: flags.has("pixels"),
      votes: {
        nbKnn: flags.counts("nb-knn"),
        temperature: flags.positive("temperature"),
        nPerClassList: flags.counts("n-per-class"),
        nTries: flags.count("n-tries"),
      },
    };
    // Loads the native library: not before the command line is known to be right.
    return async () => (await import("./run_knn.ts")).runKnn(asked);
  },
};

import type { Command } from "../cli/command.ts";
import { Flags } from "../cli/flags.ts";
import { weightsHelp } from "../cli/weights_flags.ts";
import { modelArguments, modelFlags } from "./model_flags.ts";

const help = `Show the images that are nearest to some, with their similarities

  deno task visualize neighbours --weights runs/a --data DIR --output pictures

Flags
${weightsHelp}
  --data DIR             the images that are searched, nested or flat
  --queries DIR          the images to find neighbours of; default: images of --data, each of which
                         is passed over in its own row
  --output DIR           where the pictures go, beside --data and not in it
  --count N              queries, spread over their folder; default 8
  --neighbours N         neighbours of each; default 5
  --image-size N         side of the images after cropping; default: that of the run, else 224
  --batch-size N         images computed at a time; default 128
  --num-workers N        decoding threads; default one for each core
  --device NAME          cpu, cuda, cuda:N or auto (default)
  --help                 this text

Writes neighbours.png, a row for each query: the query, then its neighbours over the cosine between
class tokens; and neighbours.json with their paths`;

const names = {
  required: modelFlags.required,
  optional: [...modelFlags.optional, "queries", "neighbours", "batch-size", "num-workers"],
  switches: [],
};

/** `deno task visualize neighbours`: a contact sheet of nearest images. */
export const neighboursCommand: Command = {
  summary: "nearest images of a folder, as a contact sheet",
  help,
  prepare(args) {
    const flags = new Flags(args, names);
    const asked = {
      ...modelArguments(flags),
      queries: flags.optional("queries"),
      neighbours: flags.count("neighbours") ?? 5,
      imageSize: flags.count("image-size"),
      batchSize: flags.count("batch-size"),
      workers: flags.count("num-workers"),
    };
    // Loads the native library: not before the command line is known to be right.
    return async () => (await import("./run_neighbours.ts")).runNeighbours(asked);
  },
};

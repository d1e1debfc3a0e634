import { join } from "@std/path";
import type { Backbone } from "../../src/backbone/backbone.ts";
import { describePreprocessing, imageViewOf } from "../../src/backbone/preprocessing.ts";
import { type ImageFolder, selectImages } from "../../src/data/folder.ts";
import { spreadEvenly } from "../../src/data/sampler.ts";
import { writeTextAtomically } from "../../src/files/atomic_file.ts";
import { chooseDevice } from "../../src/tensor/device.ts";
import {
  type NeighbourSheet,
  neighbourSheet,
  type NeighbourSheetOptions,
} from "../../src/visualize/neighbours.ts";
import { writePictures } from "../../src/visualize/png.ts";
import type { Command } from "../cli/command.ts";
import { Flags } from "../cli/flags.ts";
import { openSource } from "../cli/open_source.ts";
import { checkWritableFolder } from "../cli/output_file.ts";
import { withProgress } from "../cli/progress.ts";
import { stdout } from "../cli/terminal.ts";
import { openBackbone, viewFlags, viewHelp, viewOptions, weightsHelp } from "../cli/weights.ts";
import { type ModelArguments, modelArguments, modelFlags } from "./model_flags.ts";
import { checkOutput, reportBroken, reportPictures } from "./output.ts";

const help = `Show the nearest neighbours of images, with their similarities

  deno task visualize neighbours --weights runs/a --data DIR --output pictures

Flags
${weightsHelp}
  --data DIR             the images to search, nested or flat
  --queries DIR          the images to find neighbours of; default: images of --data, each of which
                         is skipped in its own row
  --output DIR           where the pictures go, beside --data and not in it
  --count N              queries, spread over their folder; default 8
  --neighbours N         neighbours of each; default 5
${viewHelp}
  --batch-size N         images per batch; default 128
  --num-workers N        decoding threads; default one for each core, at most 10
  --device NAME          cpu, cuda, cuda:N or auto (default)
  --help                 this text

Writes neighbours.png, a row for each query: the query, then its neighbours with the cosine similarity of
class tokens; and neighbours.json with their paths`;

const names = {
  required: modelFlags.required,
  optional: [
    ...new Set([...modelFlags.optional, ...viewFlags]),
    "queries",
    "neighbours",
    "batch-size",
    "num-workers",
  ],
};

/** `deno task visualize neighbours`: a contact sheet of nearest images. */
export const neighboursCommand: Command = {
  summary: "nearest images of a folder, as a contact sheet",
  help,
  prepare(args) {
    const flags = new Flags(args, names);
    const asked = {
      ...modelArguments(flags),
      known: viewOptions(flags),
      queries: flags.optionalSource("queries"),
      search: {
        neighbours: flags.count("neighbours"),
        batchSize: flags.count("batch-size"),
        workers: flags.count("num-workers"),
      },
    };
    return () => run(asked);
  },
};

/** What a command line of `deno task visualize neighbours` asks for. */
interface NeighboursArguments extends ModelArguments {
  /** The folder of queries. Default: that which is searched. */
  readonly queries?: string;
  /** Neighbours of each query, and how features are computed. */
  readonly search: NeighbourSheetOptions;
}

async function run(asked: NeighboursArguments): Promise<void> {
  const { data, output, count } = asked;
  checkOutput(output, data);
  const device = chooseDevice(asked.device);
  const backbone = openBackbone(asked, device);
  using model = backbone.model;
  stdout.line(describePreprocessing(backbone.preprocessing));
  const scan = (root: string) => openSource(root, { channels: model.options.inChans });
  const folder = await scan(data);
  const source = asked.queries === undefined ? folder : await scan(asked.queries);
  const queries = selectImages(source, spreadEvenly(source.paths.length, count));
  checkWritableFolder(output);
  const { nearest, picture, brokenFiles } = await search(backbone, { queries, folder }, asked);
  const paths = writePictures(output, [{ name: "neighbours", picture }]);
  picture.dispose();
  const table = join(output, "neighbours.json");
  writeTextAtomically(table, JSON.stringify(nearest, null, 2) + "\n");
  reportBroken(brokenFiles);
  reportPictures([...paths, table]);
}

async function search(
  backbone: Backbone,
  { queries, folder }: { queries: ImageFolder; folder: ImageFolder },
  asked: NeighboursArguments,
): Promise<NeighbourSheet> {
  const options: NeighbourSheetOptions = {
    ...asked.search,
    ...imageViewOf(backbone.preprocessing),
    channels: backbone.model.options.inChans,
    onNote: (text) => stdout.line(text),
  };
  return await withProgress("features", "images", (show) => {
    const onProgress = (done: number) => show(done, folder.paths.length);
    return neighbourSheet(backbone, queries, folder, { ...options, onProgress });
  });
}

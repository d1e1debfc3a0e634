import { join } from "@std/path";
import { writeTextAtomically } from "../../src/files/atomic_file.ts";
import type { ImageFolder } from "../../src/data/folder.ts";
import { openImages } from "../../src/data/sources/open.ts";
import { type Backbone, loadBackbone } from "../../src/backbone/backbone.ts";
import { chooseDevice } from "../../src/tensor/choose_device.ts";
import { spreadOver } from "../../src/visualize/image_sample.ts";
import { type NeighbourSheet, neighbourSheet } from "../../src/visualize/neighbours.ts";
import { writePictures } from "../../src/visualize/png.ts";
import { Progress } from "../cli/progress.ts";
import type { ModelArguments } from "./model_flags.ts";
import { checkOutput } from "./output_folder.ts";
import { reportBroken, reportPictures } from "./report.ts";

/** What a command line of `deno task visualize neighbours` asks for. */
export interface NeighboursArguments extends ModelArguments {
  /** The folder of queries. Default: that which is searched. */
  readonly queries?: string;
  /** Neighbours of each query. */
  readonly neighbours: number;
  /** Side of the images in pixels. */
  readonly imageSize?: number;
  /** Images computed at a time. */
  readonly batchSize?: number;
  /** Decoding threads. */
  readonly workers?: number;
}

/**
 * Carries out `deno task visualize neighbours`.
 *
 * @throws {Error} If weights or images cannot be read, or pictures cannot be drawn or written.
 */
export async function runNeighbours(asked: NeighboursArguments): Promise<void> {
  const { data, output, count } = asked;
  checkOutput(output, data);
  const device = chooseDevice(asked.device);
  const backbone = loadBackbone(asked.weights, { ...asked.known, device });
  using model = backbone.model;
  for (const line of [backbone.path, ...backbone.report]) console.log(line);
  const scan = (root: string) => openImages(root, { channels: model.options.inChans });
  const folder = await scan(data);
  const source = asked.queries === undefined ? folder : await scan(asked.queries);
  const queries = { root: source.root, paths: spreadOver(source, count) };
  const { nearest, picture, brokenFiles } = await search(backbone, { queries, folder }, asked);
  const paths = writePictures(output, [{ name: "neighbours", picture }]);
  picture.dispose();
  const table = join(output, "neighbours.json");
  writeTextAtomically(table, JSON.stringify(nearest, null, 2) + "\n");
  reportPictures([...paths, table]);
  reportBroken(brokenFiles);
}

async function search(
  backbone: Backbone,
  { queries, folder }: { queries: ImageFolder; folder: ImageFolder },
  asked: NeighboursArguments,
): Promise<NeighbourSheet> {
  using progress = new Progress("features");
  return await neighbourSheet(backbone, queries, folder, {
    neighbours: asked.neighbours,
    imageSize: asked.imageSize ?? backbone.imageSize,
    channels: backbone.model.options.inChans,
    batchSize: asked.batchSize,
    workers: asked.workers,
    onProgress: (done) => progress.show(done, folder.paths.length),
  });
}

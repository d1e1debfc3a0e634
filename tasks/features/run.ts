import { openImages } from "../../src/data/sources/open.ts";
import { type Backbone, loadBackbone } from "../../src/backbone/backbone.ts";
import { EvaluationSet } from "../../src/features/evaluation_set.ts";
import { extractFeatures } from "../../src/features/extract_features.ts";
import type { WrittenFeatures } from "../../src/features/files/feature_writer.ts";
import { tokenEmbedding } from "../../src/features/embeddings.ts";
import type { Device } from "../../src/tensor/device.ts";
import { chooseDevice } from "../../src/tensor/choose_device.ts";
import { Progress } from "../cli/progress.ts";
import type { FeaturesArguments } from "./arguments.ts";

/**
 * Carries out `deno task features`.
 *
 * @throws {Error} If weights or images cannot be read, or features cannot be written.
 */
export async function runFeatures(asked: FeaturesArguments): Promise<void> {
  const { kind, batchSize, workers } = asked;
  const device = chooseDevice(asked.device);
  const backbone = loadBackbone(asked.weights, { ...asked.known, device });
  for (const line of [backbone.path, ...backbone.report]) console.log(line);
  const channels = backbone.model.options.inChans;
  const folder = await openImages(asked.data, { channels });
  const imageSize = asked.imageSize ?? backbone.imageSize;
  using images = new EvaluationSet(folder, {
    channels,
    imageSize,
    batchSize,
    workers,
    keepBytes: 0,
  });
  const { shape, files } = await extract(images, asked, { backbone, device });
  backbone.model.dispose();
  console.log(`${kind} of ${shape[0]} images of ${imageSize} pixels: [${shape}]`);
  console.log(`Features are in ${files.join(" and ")}`);
  for (const { path, reason } of images.brokenFiles) {
    console.error(`Left out ${folder.root}/${path}: ${reason}`);
  }
}

async function extract(
  images: EvaluationSet,
  { output, kind }: FeaturesArguments,
  { backbone, device }: { backbone: Backbone; device: Device },
): Promise<WrittenFeatures> {
  using progress = new Progress("features");
  const embed = tokenEmbedding(backbone, kind);
  return await extractFeatures(images, embed, output, {
    facts: { weights: backbone.path },
    device,
    onResume: (done) => progress.resume(done),
    onProgress: (done) => progress.show(done, images.folder.paths.length),
    onNote: (text) => console.log(text),
  });
}

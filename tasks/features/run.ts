import { scanImageFolder } from "../../src/data/folder.ts";
import { loadBackbone } from "../../src/eval/backbone.ts";
import { EvaluationSet } from "../../src/eval/evaluation_set.ts";
import { writeFeatures } from "../../src/eval/feature_files.ts";
import { tokenEmbedding } from "../../src/eval/features.ts";
import { chooseDevice } from "../../src/train/device.ts";
import { Progress } from "../eval/progress.ts";
import type { FeaturesArguments } from "./arguments.ts";

/**
 * Carries out `deno task features`.
 *
 * @throws {Error} If weights or images cannot be read, or features cannot be written.
 */
export async function runFeatures(asked: FeaturesArguments): Promise<void> {
  const { output, kind, batchSize, workers } = asked;
  const device = chooseDevice(asked.device);
  const folder = await scanImageFolder(asked.data);
  const backbone = loadBackbone(asked.weights, { ...asked.known, device });
  for (const line of [backbone.path, ...backbone.report]) console.log(line);
  const imageSize = asked.imageSize ?? backbone.imageSize;
  using images = new EvaluationSet(folder, { imageSize, batchSize, workers, keepBytes: 0 });
  const { features, labels } = await compute(images, { model: backbone.model, kind, device });
  backbone.model.dispose();
  const broken = new Set(images.brokenFiles.map(({ path }) => path));
  const paths = folder.paths.filter((path) => !broken.has(path));
  const table = { features, labels, paths, classes: folder.classes };
  const facts = { weights: backbone.path, kind, image_size: imageSize };
  const files = writeFeatures(output, table, facts);
  console.log(`${kind} of ${paths.length} images of ${imageSize} pixels: [${features.shape}]`);
  console.log(`Features are in ${files.join(" and ")}`);
  features.dispose();
  for (const { path, reason } of images.brokenFiles) {
    console.error(`Left out ${folder.root}/${path}: ${reason}`);
  }
}

async function compute(
  images: EvaluationSet,
  { model, kind, device }: {
    model: Parameters<typeof tokenEmbedding>[0];
    kind: FeaturesArguments["kind"];
    device: ReturnType<typeof chooseDevice>;
  },
): ReturnType<EvaluationSet["features"]> {
  using progress = new Progress("features");
  const onProgress = (done: number) => progress.show(done, images.folder.paths.length);
  return await images.features(tokenEmbedding(model, kind), { device, onProgress });
}

import "../native.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { noGradScope } from "../../src/autograd/mode.ts";
import { resolveConfig } from "../../src/config/resolve.ts";
import type { Config, Settings } from "../../src/config/schema.ts";
import { normalizationOf } from "../../src/data/augment/normalize.ts";
import { type ImageFolder, selectImages } from "../../src/data/folder.ts";
import { evaluateKnn } from "../../src/eval/evaluate_knn.ts";
import { backboneEmbedding, type Embedding, pixelEmbedding } from "../../src/features/embedding.ts";
import { evaluateEmbedding } from "../../src/features/evaluate_embedding.ts";
import { EvaluationSet } from "../../src/features/evaluation_set.ts";
import { Evaluator } from "../../src/train/evaluation.ts";
import { VisionTransformer } from "../../src/vit/vision_transformer.ts";
import { countedWorkers } from "./counted_workers.ts";
import { testImages } from "../eval/labelled_images.ts";

const tiny = { embedDim: 32, depth: 1, numHeads: 2, imgSize: 16, patchSize: 8, initValues: 1 };

function configOf(evaluation: Settings["evaluation"] = {}, extra: Settings = {}): Config {
  return resolveConfig({
    student: { arch: "vit_nano", patch_size: 8 },
    crops: { global_crops_size: 32, local_crops_size: 16 },
    train: { num_workers: 1 },
    evaluation,
  }, extra);
}

/** Every other image for training, the others for validation. */
function halves(folder: ImageFolder): Record<"train" | "val", ImageFolder> {
  const pick = (odd: number) =>
    selectImages(folder, [...folder.paths.keys()].filter((i) => i % 2 === odd));
  return { train: pick(0), val: pick(1) };
}

/** What the protocol gives, of images of a size. */
async function direct(
  images: Record<"train" | "val", ImageFolder>,
  embed: Embedding,
  { imageSize, k, temperature }: { imageSize: number; k: number; temperature: number },
): Promise<number[]> {
  using train = new EvaluationSet(images.train, { imageSize, workers: 1 });
  using val = new EvaluationSet(images.val, { imageSize, workers: 1 });
  const [{ top1, top5 }] = await evaluateEmbedding(
    [train, val],
    embed,
    ([a, b]) => evaluateKnn(a, b, { nbKnn: [k], temperature }),
  );
  return [k, top1.percent, top5!.percent];
}

testImages(
  "summaries are for 20 neighbours where these are among the numbers, else for the first",
  async (folder) => {
    const images = halves(folder); // 20 and 20
    const kOf = async (nb_knn: number[], train = images.train) => {
      using evaluator = new Evaluator({ ...images, train }, configOf({ nb_knn }), "cpu");
      return (await evaluator.pixels()).k;
    };
    assertEquals(await kOf([10, 20]), 20);
    assertEquals(await kOf([5, 10]), 5);
    const few = selectImages(images.train, [...images.train.paths.keys()].slice(0, 12));
    assertEquals(
      await kOf([10, 20, 100], few),
      12,
      "all images vote where there are fewer than 20",
    );
    using evaluator = new Evaluator(images, configOf({ nb_knn: [3] }), "cpu");
    assertEquals("top5" in await evaluator.pixels(), false, "three neighbours have no first five");
  },
);

testImages("size, temperature and normalisation are those of the configuration", async (folder) => {
  const images = halves(folder);
  using model = new VisionTransformer(tiny).eval();
  const settings = { nb_knn: [20], temperature: 0.2 };
  const data = { data: { mean: [0.1, 0.2, 0.3], std: [0.7, 0.2, 0.4] } };
  const found: string[] = [];
  for (
    const [config, imageSize] of [
      [configOf({ ...settings, image_size: 16 }, data), 16],
      [configOf(settings, data), 32],
    ] as const
  ) {
    using evaluator = new Evaluator(images, config, "cpu");
    const normalization = normalizationOf(config.data);
    const options = { imageSize, k: 20, temperature: 0.2 };
    const network = await evaluator.network(model.train(), 7);
    assertEquals(model.training, false);
    const pixels = await evaluator.pixels();
    const actual = [network, pixels].map(({ k, top1, top5 }) => [k, top1, top5!]);
    assertEquals(actual, [
      await direct(images, backboneEmbedding({ model, normalization }), options),
      await direct(images, pixelEmbedding(normalization), options),
    ]);
    found.push(JSON.stringify(actual));
    assertEquals([network.features, network.iterations], ["teacher", 7]);
    assertEquals([pixels.features, pixels.iterations], ["raw pixels", 0]);
    assertEquals((await evaluator.network(model, 0)).features, "untrained network");
  }
  assert(found[0] !== found[1], "the two sizes cannot be told apart");
});

testImages("a teacher of NaN is refused with the iteration it was reached in", async (folder) => {
  using model = new VisionTransformer(tiny).eval();
  noGradScope(() => void model.clsToken.fill_(NaN));
  using evaluator = new Evaluator(halves(folder), configOf(), "cpu");
  await assertRejects(
    () => evaluator.network(model, 120),
    RangeError,
    "Cannot compute features with the teacher after 120 iterations: its tensor teacher.backbone.cls_token holds NaN",
  );
});

testImages(
  "images are decoded by as many workers, and to such limits, as the run asks",
  async (folder) => {
    const data = { max_pixels: 100, max_broken_fraction: 0.3 };
    const config = configOf({}, { train: { num_workers: 3 }, data });
    const { started, ended } = await countedWorkers(async () => {
      using evaluator = new Evaluator(halves(folder), config, "cpu");
      await assertRejects(() => evaluator.pixels(), Error, "tolerated share of 0.3");
    });
    assertEquals([started % 3, ended], [0, started]);
  },
);

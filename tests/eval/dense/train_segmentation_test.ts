import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { scanPairedFolder } from "../../../src/data/paired_folder.ts";
import { scanImageFolder } from "../../../src/data/sources/folder.ts";
import type { LabelTargets } from "../../../src/data/target.ts";
import { evaluateSegmentation } from "../../../src/eval/dense/evaluate_segmentation.ts";
import { segmentationProtocol } from "../../../src/eval/dense/segmentation_protocol.ts";
import type { DenseEvaluationOptions } from "../../../src/eval/dense/dense_evaluation.ts";
import { trainingBatches } from "../../../src/data/loader.ts";
import { segmentationFeatures } from "../../../src/eval/dense/dense_features.ts";
import { SegmentationHead } from "../../../src/eval/dense/segmentation_head.ts";
import { segmentationLoss } from "../../../src/eval/dense/segmentation_loss.ts";
import {
  drawSegmentationView,
  segmentationViewImage,
  segmentationViewLabels,
} from "../../../src/eval/dense/segmentation_view.ts";
import { Stream } from "../../../src/random/stream.ts";
import { cat, stack, tensor } from "../../../src/tensor/create.ts";
import { Generator } from "../../../src/tensor/random.ts";
import { VisionTransformer } from "../../../src/vit/vision_transformer.ts";
import {
  segmentationRecipe,
  trainSegmentation,
} from "../../../src/eval/dense/train_segmentation.ts";
import { noGradScope } from "../../../src/autograd/mode.ts";
import { liveTensors, scope } from "../../../src/tensor/scope.ts";
import { inTempFolder } from "../../temp_folder.ts";
import { assertClose } from "../../helpers.ts";
import { writePng } from "../../data/codec/write_png.ts";
import { randomBackbone, writeScenes } from "./synthetic.ts";

const kind: LabelTargets = { kind: "labels", numClasses: 2, reduceZeroLabel: false };
const protocol = segmentationProtocol({ imageSize: 16 });

Deno.test("a head on random features learns an easy mask, the same one each time", async () => {
  await inTempFolder(async (root) => {
    await writeScenes(join(root, "train"), 12, 0);
    await writeScenes(join(root, "val"), 6, 1);
    const train = await scanPairedFolder(join(root, "train"), kind);
    const val = await scanPairedFolder(join(root, "val"), kind);
    using model = randomBackbone();
    const before = liveTensors();
    const fit = async (workers: number) =>
      await trainSegmentation({ model }, train, protocol, {
        ...{ iterations: 60, batchSize: 4, lr: 0.02, workers },
      });
    const { head, losses, images } = await fit(1);
    assertEquals(images, train.paths.length, "every image was drawn");
    const again = await fit(2);
    assertEquals([...again.losses], [...losses]);
    assertClose(again.head.convSeg.weight, head.convSeg.weight, { atol: 0, rtol: 0 });
    assert(losses.at(-1)! < losses[0] / 2, `the loss went from ${losses[0]} to ${losses.at(-1)}`);

    const evaluate = async (batchSize: number, workers: number, head = again.head) =>
      (await evaluateSegmentation({ model, head, protocol }, val, { batchSize, workers })).scores;
    const scores = await evaluate(8, 2);
    assertEquals(await evaluate(1, 1), scores);
    assert(scores.mIoU.percent > 70, `mIoU is ${scores.mIoU.percent} %, chance about 33 %`);
    assert(scores.mIoU.interval[0] <= scores.mIoU.percent);
    const ms = { ...protocol, scales: [1, 1.5], flip: true };
    const averaged = await evaluateSegmentation({ model, head, protocol: ms }, val, { workers: 1 });
    assert(averaged.scores.mIoU.percent > 70);
    head.dispose();
    again.head.dispose();
    assertEquals(liveTensors(), before);
  });
});

Deno.test("wrong folders and lengths are refused, and nothing is left behind", async () => {
  await inTempFolder(async (root) => {
    await writeScenes(root, 2, 0);
    using model = randomBackbone();
    const before = liveTensors();
    const plain = await scanImageFolder(join(root, "images"));
    await assertRejects(
      () => trainSegmentation({ model }, plain, protocol),
      TypeError,
      "it has no masks",
    );
    const one = await scanPairedFolder(root, { ...kind, numClasses: 1 });
    await assertRejects(
      () => trainSegmentation({ model }, one, protocol, { workers: 1 }),
      Error,
      "it holds 1, but the 1 classes are 0 to 0",
    );
    const folder = await scanPairedFolder(root, kind);
    await assertRejects(
      () => trainSegmentation({ model }, folder, protocol, { iterations: 0 }),
      RangeError,
      "Cannot train for 0 iterations",
    );
    assertEquals(liveTensors(), before);
  });
});

Deno.test("each image of a step is seen in a view of its own", () =>
  inTempFolder(async (root) => {
    await writeScenes(root, 1, 0);
    for (const part of ["images", "annotations"]) {
      await Deno.copyFile(join(root, part, "0.png"), join(root, part, "1.png")); // the same image twice
    }
    const folder = await scanPairedFolder(root, kind);
    using model = randomBackbone();
    const [one, two] = await Promise.all([1, 2].map(async (batchSize) => {
      const options = { iterations: 1, batchSize, workers: 1 };
      const { head, losses } = await trainSegmentation({ model }, folder, protocol, options);
      head.dispose();
      return losses[0];
    }));
    assertNotEquals(one, two);
  }));

Deno.test("weights and heads of NaN segment nothing", async () => {
  await inTempFolder(async (root) => {
    await writeScenes(root, 3, 0);
    const folder = await scanPairedFolder(root, kind);
    using model = randomBackbone();
    const before = liveTensors();
    const options = { iterations: 1, workers: 1, batchSize: 2 };
    const { head, images } = await trainSegmentation({ model }, folder, protocol, options);
    assertEquals(images, 2, "one step of two draws two of the three images");
    noGradScope(() => void head.convSeg.bias!.narrow(0, 1, 1).fill_(NaN));
    for (const scales of [[1], [1, 2]]) {
      const segmenter = { model, head, protocol: { ...protocol, scales } };
      const evaluate = () => evaluateSegmentation(segmenter, folder, { workers: 1 });
      await assertRejects(evaluate, RangeError, "Cannot segment with a head whose logits are NaN");
    }
    noGradScope(() => void model.clsToken.fill_(NaN));
    const message = "its tensor cls_token holds NaN";
    const evaluate = () => evaluateSegmentation({ model, head, protocol }, folder, { workers: 1 });
    await assertRejects(evaluate, RangeError, message);
    const train = () => trainSegmentation({ model }, folder, protocol, options);
    await assertRejects(train, RangeError, message);
    head.dispose();
    assertEquals(liveTensors(), before);
  });
});

Deno.test("a head that diverges is refused with the step", async () => {
  await inTempFolder(async (root) => {
    await writeScenes(root, 2, 0);
    const folder = await scanPairedFolder(root, kind);
    using model = randomBackbone();
    const fit = (iterations: number) =>
      trainSegmentation({ model }, folder, protocol, {
        ...{ iterations, workers: 1, batchSize: 2, lr: 1e39 },
      });
    await assertRejects(() => fit(1), Error, "Cannot use the head: its weights became NaN");
    await assertRejects(() => fit(3), Error, "the loss of step 2 of 3 became NaN or infinite");
  });
});

Deno.test("an image whose features overflow is named", async () => {
  await inTempFolder(async (root) => {
    await writeScenes(root, 2, 0);
    const folder = await scanPairedFolder(root, kind);
    const [black, other] = folder.paths.map((path) => join(root, path));
    const values = Array<number>(3 * 24 * 16).fill(0);
    Deno.writeFileSync(black, writePng({ width: 24, height: 16, type: 2, values }));
    using model = randomBackbone();
    const options = { iterations: 1, workers: 1, batchSize: 2 };
    const { head } = await trainSegmentation({ model }, folder, protocol, options);
    const normalization = { mean: [0, 0, 0], std: [1e-41, 1e-41, 1e-41] }; // black stays finite
    const message = `Cannot use the features of ${other} from the network`;
    const evaluate = () =>
      evaluateSegmentation({ model, head, protocol, normalization }, folder, { workers: 1 });
    await assertRejects(evaluate, RangeError, message);
    for (const seed of [0, 1, 2, 3]) {
      const train = () =>
        trainSegmentation({ model, normalization }, folder, protocol, { ...options, seed });
      await assertRejects(train, RangeError, message);
    }
    head.dispose();
  });
});

Deno.test("the first loss is that of the seed's head on the seed's views of the seed's images", () =>
  inTempFolder(async (root) => {
    await writeScenes(root, 6, 0);
    const folder = await scanPairedFolder(root, kind);
    using model = randomBackbone();
    const normalization = { mean: [0.1, 0.2, 0.3], std: [0.4, 0.5, 0.6] };
    const two = { ...protocol, blocks: 2 };
    for (const seed of [undefined, 3]) {
      const options = { seed, iterations: 1, batchSize: 3, workers: 1 };
      const { head, losses } = await trainSegmentation(
        { model, normalization },
        folder,
        two,
        options,
      );
      head.dispose();
      using loader = trainingBatches(folder, options);
      for await (const { images } of loader) {
        scope(() => {
          using generator = new Generator(seed ?? 0);
          using head = new SegmentationHead(2 * 16, 2, { generator });
          const draws = images.map((image, sample) =>
            drawSegmentationView(image, two, new Stream(seed ?? 0, "segmentation", 0, sample))
          );
          const seen = images.map((image, i) =>
            segmentationViewImage(image, draws[i], { imageSize: 16, normalization })
          );
          const labels = images.map((image, i) =>
            tensor(segmentationViewLabels(image, draws[i], 16), { shape: [16, 16] })
          );
          const features = segmentationFeatures(model, cat(seen), 2);
          const loss = segmentationLoss(head.train().forward(features), stack(labels));
          assertClose(losses[0], loss, { rtol: 1e-5 });
        });
        break;
      }
    }
  }));

Deno.test("gray images are segmented by a network that sees gray, broken ones are told, progress is of all", () =>
  inTempFolder(async (root) => {
    await writeScenes(root, 3, 0);
    await Deno.writeTextFile(join(root, "images", "1.png"), "no image");
    const folder = await scanPairedFolder(root, kind);
    const sizes = { embedDim: 16, depth: 2, numHeads: 2, imgSize: 16, patchSize: 4, inChans: 1 };
    using model = new VisionTransformer(sizes).eval();
    const common = { workers: 1, maxBrokenFraction: 0.5 };
    const trained: number[] = [], done: number[][] = [];
    const { head, brokenFiles } = await trainSegmentation({ model }, folder, protocol, {
      ...{ ...common, iterations: 2, batchSize: 2 },
      onProgress: (count) => trained.push(count),
    });
    const evaluate = (options: DenseEvaluationOptions) =>
      evaluateSegmentation({ model, head, protocol }, folder, options);
    const found = await evaluate({ ...common, onProgress: (...counts) => done.push(counts) });
    assertEquals([trained, done, found.images], [[1, 2], [[1, 3], [2, 3]], 2]);
    for (const files of [brokenFiles, found.brokenFiles]) {
      assertEquals(files.map(({ path }) => path), ["images/1.png"]);
    }
    const strict = () => evaluate({ workers: 1, maxBrokenFraction: 0 });
    await assertRejects(strict, Error, "images/1.png");
    const signal = AbortSignal.abort(new Error("stopped by hand"));
    await assertRejects(() => evaluate({ ...common, signal }), Error, "stopped by hand");
    head.dispose();
  }));

Deno.test("segmentation is trained as the reference trains it", () => {
  const { iterations, maxNorm, schedule } = segmentationRecipe();
  assertEquals([iterations, maxNorm], [40_000, 0]);
  const rates = [0, 750, 1_500, 20_000, 40_000].map((i) => schedule(i).lr);
  const line = (iteration: number) => 1e-3 * (1 - iteration / 40_000);
  assertClose(rates, [1e-9, line(750) * 0.5, line(1_500), line(20_000), 0], {
    rtol: 1e-5,
    atol: 0,
  });
  assertEquals(schedule(7).wd, 1e-4);
});

import "../../native.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { scanImageFolder } from "../../../src/data/sources/folder.ts";
import { scanPairedFolder } from "../../../src/data/paired_folder.ts";
import type { DepthTargets } from "../../../src/data/target.ts";
import { depthProtocol } from "../../../src/eval/dense/depth_protocol.ts";
import { evaluateDepth } from "../../../src/eval/dense/evaluate_depth.ts";
import { trainingBatches } from "../../../src/data/loader.ts";
import { depthFeatures } from "../../../src/eval/dense/dense_features.ts";
import { DepthHead } from "../../../src/eval/dense/depth_head.ts";
import { depthLoss } from "../../../src/eval/dense/depth_loss.ts";
import { depthView, drawDepthView } from "../../../src/eval/dense/depth_view.ts";
import { upsampleBilinear2d } from "../../../src/nn/functional.ts";
import { Stream } from "../../../src/random/stream.ts";
import { cat } from "../../../src/tensor/create.ts";
import { Generator } from "../../../src/tensor/random.ts";
import { assertClose } from "../../helpers.ts";
import { depthRecipe, trainDepth } from "../../../src/eval/dense/train_depth.ts";
import { noGradScope } from "../../../src/autograd/mode.ts";
import { liveTensors, scope } from "../../../src/tensor/scope.ts";
import { inTempFolder } from "../../temp_folder.ts";
import { writePng } from "../../data/codec/write_png.ts";
import { randomBackbone, writeScenes } from "./synthetic.ts";

const kind: DepthTargets = { kind: "depth", scale: 1000 };
const base = { dataset: "plain", cropSize: [12, 20], maxDepth: 6 } as const;

Deno.test("a head on random features learns easy depths, the same one each time", async () => {
  await inTempFolder(async (root) => {
    await writeScenes(join(root, "train"), 12, 0);
    await writeScenes(join(root, "val"), 6, 1);
    const train = await scanPairedFolder(join(root, "train"), kind);
    const val = await scanPairedFolder(join(root, "val"), kind);
    using model = randomBackbone();
    const before = liveTensors();
    for (const layers of [1, 4] as const) {
      const protocol = depthProtocol({ ...base, layers });
      const fit = async (iterations: number, workers: number) =>
        await trainDepth({ model }, train, protocol, {
          iterations,
          workers,
          batchSize: 4,
          lr: 0.05,
        });
      const untrained = await fit(1, 1);
      const { head, losses } = await fit(120, 1);
      const score = async (head: typeof untrained.head, workers: number) =>
        (await evaluateDepth({ model, head, protocol }, val, { workers })).scores;
      const [first, last] = [await score(untrained.head, 1), await score(head, 2)];
      assertEquals(await score(head, 1), last);
      // Between 1 m and 4 m, the best constant is off by 1.5 m.
      assert(last.rmse.mean < 1.2, `rmse is ${last.rmse.mean}`);
      assert(last.rmse.mean < first.rmse.mean && last.a1.mean > first.a1.mean);
      const again = await fit(120, 2);
      assertEquals([...again.losses], [...losses]);
      for (const each of [untrained, again, { head }]) each.head.dispose();
    }
    assertEquals(liveTensors(), before);
  });
});

Deno.test("the loss weighs the spread of errors from the hundredth step on, in views of each image's own", () =>
  inTempFolder(async (root) => {
    await writeScenes(root, 1, 0);
    for (const [part, name] of [["images", "1.png"], ["depth", "1.png"]]) {
      await Deno.copyFile(join(root, part, "0.png"), join(root, part, name)); // the same image twice
    }
    const folder = await scanPairedFolder(root, kind);
    using model = randomBackbone();
    const protocol = depthProtocol({ ...base, cropSize: [16, 24] });
    const lossesOf = async (batchSize: number, iterations: number) => {
      const options = { iterations, batchSize, lr: 1e-12, workers: 1 };
      const { head, losses } = await trainDepth({ model }, folder, protocol, options);
      head.dispose();
      return losses;
    };
    const losses = await lossesOf(1, 103);
    assert(Math.max(...losses.slice(0, 100)) < Math.min(...losses.slice(100)), `${losses}`);
    const [ofTwo] = await lossesOf(2, 1);
    assert(Math.abs(ofTwo - losses[0]) > 1e-3, "both were seen in one view");
  }));

Deno.test("wrong folders and protocols are refused, and nothing is left behind", async () => {
  await inTempFolder(async (root) => {
    await writeScenes(root, 2, 0);
    using model = randomBackbone();
    const before = liveTensors();
    const plain = await scanImageFolder(join(root, "images"));
    await assertRejects(
      () => trainDepth({ model }, plain, depthProtocol(base)),
      TypeError,
      "it has no depth maps",
    );
    const folder = await scanPairedFolder(root, kind);
    await assertRejects(
      () => trainDepth({ model }, folder, depthProtocol(), { workers: 1 }),
      RangeError,
      "Cannot use NYU's windows on an image of 24x16 pixels",
    );
    assertEquals(liveTensors(), before);
  });
});

Deno.test("weights and heads of NaN give no depths", async () => {
  await inTempFolder(async (root) => {
    await writeScenes(root, 2, 0);
    const folder = await scanPairedFolder(root, kind);
    using model = randomBackbone();
    const before = liveTensors();
    const protocol = depthProtocol(base);
    const options = { iterations: 1, workers: 1, batchSize: 1 };
    const { head } = await trainDepth({ model }, folder, protocol, options);
    noGradScope(() => void head.convDepth.bias!.narrow(0, 7, 1).fill_(NaN));
    const evaluate = () => evaluateDepth({ model, head, protocol }, folder, { workers: 1 });
    await assertRejects(evaluate, RangeError, "Cannot use a head whose depths are NaN");
    noGradScope(() => void model.clsToken.fill_(NaN));
    const message = "its tensor cls_token holds NaN";
    await assertRejects(evaluate, RangeError, message);
    const train = () => trainDepth({ model, path: "w.pth" }, folder, protocol, options);
    await assertRejects(train, RangeError, `with w.pth: ${message}`);
    head.dispose();
    assertEquals(liveTensors(), before);
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
    const protocol = depthProtocol(base);
    const options = { iterations: 1, workers: 1, batchSize: 2 };
    const { head } = await trainDepth({ model }, folder, protocol, options);
    const normalization = { mean: [0, 0, 0], std: [1e-41, 1e-41, 1e-41] }; // black stays finite
    const message = `Cannot use the features of ${other} from the network`;
    const evaluate = () =>
      evaluateDepth({ model, head, protocol, normalization }, folder, { workers: 1 });
    await assertRejects(evaluate, RangeError, message);
    for (const seed of [0, 1, 2, 3]) {
      const train = () =>
        trainDepth({ model, normalization }, folder, protocol, { ...options, seed });
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
    const protocol = depthProtocol({ ...base, layers: 4 });
    for (const seed of [undefined, 3]) {
      const options = { seed, iterations: 1, batchSize: 3, workers: 1 };
      const { head, losses } = await trainDepth(
        { model, normalization },
        folder,
        protocol,
        options,
      );
      head.dispose();
      using loader = trainingBatches(folder, options);
      for await (const { images } of loader) {
        scope(() => {
          using generator = new Generator(seed ?? 0);
          using head = new DepthHead(2 * 4 * 16, protocol, { generator });
          const views = images.map((image, sample) => {
            const draw = drawDepthView(image, protocol, new Stream(seed ?? 0, "depth", 0, sample));
            return depthView(image, draw, { cropSize: protocol.cropSize, normalization });
          });
          const features = depthFeatures(model, cat(views.map(({ image }) => image)), [0, 1, 2, 3]);
          const predicted = upsampleBilinear2d(head.forward(features), [12, 20]);
          const truth = cat(views.map(({ depth }) => depth));
          assertClose(losses[0], depthLoss(predicted, truth, { warmUp: true }), { rtol: 1e-5 });
        });
        break;
      }
    }
  }));

Deno.test("depth is trained as the reference trains it", () => {
  const { iterations, maxNorm, schedule } = depthRecipe();
  assertEquals([iterations, maxNorm], [38_400, 35]);
  const cosine = (iteration: number) => 1e-4 * (1 + Math.cos(Math.PI * iteration / 38_400)) / 2;
  const rates = [0, 6_400, 12_800, 25_600, 38_399].map((i) => schedule(i).lr);
  assertClose(rates, [
    ...[1e-7, cosine(6_400) * (0.5 + 0.5e-3), cosine(12_800), cosine(25_600)],
    1e-12 + cosine(38_399),
  ], { atol: 1e-13, rtol: 1e-6 });
  assertEquals(schedule(100).wd, 0.01);
  assertClose([0, 11_520, 38_399].map((i) => schedule(i).beta1!), [0.95, 0.85, 0.95], {
    atol: 1e-3,
  });
  assertEquals(depthRecipe({ iterations: 9, lr: 2 }).iterations, 9);
  assertClose(depthRecipe({ iterations: 9, lr: 2 }).schedule(3).lr, 1.5);
});

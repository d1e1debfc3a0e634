import "./native.ts";
import { channelStatistics, openImages, reportOn, shardImages } from "@deino/deino/data";
import { cachedBatches, evaluateLinear } from "@deino/deino/eval";
import { EvaluationSet, extractFeatures, pixelEmbedding } from "@deino/deino/features";
import { randn } from "@deino/deino/tensor";
import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { makeBuiltinDataset } from "../src/data/builtin/builtin.ts";
import { inTempFolder } from "./temp_folder.ts";

/** What was asked to stop, and how far it was. */
interface Stopping {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number) => void;
}

/** Asserts that work which is aborted after its first report of progress ends with the reason, and reports no more. */
async function assertEnds(work: (stopping: Stopping) => Promise<unknown>): Promise<void> {
  const controller = new AbortController();
  let reports = 0;
  const onProgress = () => {
    reports++;
    controller.abort(new Error("enough"));
  };
  await assertRejects(() => work({ signal: controller.signal, onProgress }), Error, "enough");
  assertEquals(reports, 1);
}

Deno.test("long work ends when its signal is aborted, with the signal's reason", () =>
  inTempFolder(async (folder) => {
    await makeBuiltinDataset(join(folder, "data"), { trainPerClass: 2, valPerClass: 1, size: 32 });
    const images = await openImages(join(folder, "data", "train"));
    using set = new EvaluationSet(images, { imageSize: 32, batchSize: 4, workers: 1 });
    const embed = pixelEmbedding();
    await assertEnds((stopping) => set.features(embed, stopping));
    const file = join(folder, "features.npy");
    await assertEnds((stopping) => extractFeatures(set, embed, file, stopping));
    await assertEnds((stopping) => reportOn(images, { ...stopping, workers: 1 }));
    await assertEnds((stopping) => shardImages(images, join(folder, "shards"), stopping));
    const aborted = AbortSignal.abort(new Error("enough"));
    await assertRejects(
      () => channelStatistics(images, { signal: aborted, workers: 1 }),
      Error,
      "enough",
    );
  }));

Deno.test("a linear probe in memory lets timers and signals through", async () => {
  using features = randn([8, 4]);
  const set = { features, labels: Uint32Array.of(0, 1, 0, 1, 0, 1, 0, 1) };
  const task = { width: 2, depth: 1, classes: 2, batchSize: 4, images: 8 };
  const controller = new AbortController();
  await assertRejects(
    () =>
      evaluateLinear(cachedBatches(set, { batchSize: 4, seed: 0 }), set, task, {
        epochs: 1,
        epochLength: 1_000_000,
        signal: controller.signal,
        onProgress: (done) => {
          if (done === 1) setTimeout(() => controller.abort(new Error("enough")));
        },
      }),
    Error,
    "enough",
  );
});

import "../native.ts";
import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { makeBuiltinDataset } from "../../src/data/builtin/builtin.ts";
import type { ImageFolder } from "../../src/data/folder.ts";
import { scanImageFolder } from "../../src/data/sources/folder.ts";
import { evaluateEmbedding } from "../../src/features/evaluate_embedding.ts";
import { evaluateFewShot } from "../../src/eval/evaluate_few_shot.ts";
import { evaluateKnn } from "../../src/eval/evaluate_knn.ts";
import { evaluateLogreg } from "../../src/eval/evaluate_logreg.ts";
import { evaluateRetrieval } from "../../src/eval/evaluate_retrieval.ts";
import { EvaluationSet, type EvaluationSetOptions } from "../../src/features/evaluation_set.ts";
import { pixelEmbedding } from "../../src/features/embedding.ts";
import type { LabelledFeatures } from "../../src/features/labelled_features.ts";
import { liveTensors } from "../../src/tensor/scope.ts";
import { inTempFolder } from "../temp_folder.ts";

/** A test on small labelled images that fails when native tensors outlive it. */
function testFolders(name: string, body: (folders: ImageFolder[]) => Promise<void>): void {
  Deno.test(name, async () => {
    await inTempFolder(async (folder) => {
      const root = join(folder, "data");
      const before = liveTensors();
      await makeBuiltinDataset(root, { trainPerClass: 6, valPerClass: 2, size: 32 });
      await body([
        await scanImageFolder(join(root, "train")),
        await scanImageFolder(join(root, "val")),
      ]);
      assertEquals(liveTensors() - before, 0, "native tensors outlived the test");
    });
  });
}

async function withSets<T>(
  folders: ImageFolder[],
  options: EvaluationSetOptions,
  evaluate: (features: readonly LabelledFeatures[]) => T,
): Promise<T> {
  const sets = folders.map((folder) => new EvaluationSet(folder, { imageSize: 32, ...options }));
  try {
    return await evaluateEmbedding(sets, pixelEmbedding(), evaluate);
  } finally {
    for (const set of sets) set[Symbol.dispose]();
  }
}

testFolders("no result depends on the batch size or the number of workers", async (folders) => {
  const all = ([train, val]: readonly LabelledFeatures[]) => ({
    knn: evaluateKnn(train, val, { nbKnn: [3] }),
    logreg: evaluateLogreg(train, val, { cValues: [1, 10] }),
    fewShot: evaluateFewShot(train, val, { nPerClassList: [2], nTries: 2 }),
    retrieval: evaluateRetrieval(val, train).meanAveragePrecision.percent,
  });
  const { retrieval, ...rest } = await withSets(folders, { batchSize: 60, workers: 1 }, all);
  const other = await withSets(folders, { batchSize: 7, workers: 2 }, all);
  assertAlmostEquals(other.retrieval, retrieval, 1e-4);
  assertEquals({ ...rest, retrieval: 0 }, { ...other, retrieval: 0 });
});

testFolders("progress counts the images of all sets", async (folders) => {
  const sets = folders.map((folder) =>
    new EvaluationSet(folder, { imageSize: 32, batchSize: 40, workers: 1 })
  );
  const seen: number[] = [];
  const onProgress = (done: number) => seen.push(done);
  await evaluateEmbedding(sets, pixelEmbedding(), () => {}, { onProgress });
  assertEquals(seen, [40, 60, 80]);
  for (const set of sets) set[Symbol.dispose]();
});

testFolders("an evaluation that fails leaves nothing behind", async (folders) => {
  await assertRejects(
    () =>
      withSets(folders, { workers: 1 }, () => {
        throw new Error("no more");
      }),
    Error,
    "no more",
  );
});

testFolders("an aborted evaluation ends with the reason", async (folders) => {
  using set = new EvaluationSet(folders[1], { imageSize: 32, workers: 1 });
  const signal = AbortSignal.abort(new Error("stopped by hand"));
  const evaluating = () => evaluateEmbedding([set], pixelEmbedding(), () => {}, { signal });
  await assertRejects(evaluating, Error, "stopped by hand");
});

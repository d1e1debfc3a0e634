import "../native.ts";
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { writeNpy } from "../../src/checkpoint/npy.ts";
import { evaluateRetrieval } from "../../src/eval/evaluate_retrieval.ts";
import { knn } from "../../src/eval/knn.ts";
import type { LabelledFeatures } from "../../src/features/labelled_features.ts";
import { countCorrect } from "../../src/eval/linear_classifier.ts";
import { LogisticRegression } from "../../src/eval/logistic_regression.ts";
import { normalize } from "../../src/nn/functional.ts";
import { scope } from "../../src/tensor/scope.ts";
import { runPython } from "../bench/python.ts";
import { inTempFolder } from "../temp_folder.ts";
import { randomFeatures } from "./random_features.ts";

const ks = [1, 10, 50];
const cs = [1e-4, 1e-2, 1, 1e2, 1e4];
const temperature = 0.07;

/** What scikit-learn finds on the same features. */
interface Found {
  /** Images that k neighbours classify correctly, for each k. */
  readonly knn: number[];
  /** The optimum for each C, divided by C and the number of images. */
  readonly logistic: { readonly loss: number; readonly top1: number }[];
  /** The mean over queries of `average_precision_score`. */
  readonly meanAveragePrecision: number;
}

async function scikitLearn(
  train: LabelledFeatures,
  val: LabelledFeatures,
  folder: string,
): Promise<Found | null> {
  const paths = { train: join(folder, "train.npy"), val: join(folder, "val.npy") };
  writeNpy(paths.train, train.features);
  writeNpy(paths.val, val.features);
  const labels = { trainLabels: Array.from(train.labels), valLabels: Array.from(val.labels) };
  const asked = JSON.stringify({ ...paths, ...labels, ks, cs, temperature });
  const modules = "sklearn, numpy";
  return await runPython("../eval/classifiers.py", [asked], { modules }) as Found | null;
}

Deno.test("k-NN, retrieval and logistic regression find what scikit-learn finds", async () => {
  const options = { classes: 7, width: 12 };
  await inTempFolder(async (folder) => {
    const train = randomFeatures("train", { size: 300, ...options });
    const val = randomFeatures("val", { size: 120, ...options });
    const found = await scikitLearn(train, val, folder);
    if (found === null) return console.log("Skipped: no Python here has scikit-learn");
    scope(() => {
      const [a, b] = [train, val].map((set) => ({ ...set, features: normalize(set.features) }));
      assertEquals(knn(a, b, { ks, temperature }).map(({ top1 }) => top1), found.knn);
      const { meanAveragePrecision } = evaluateRetrieval(b, a);
      assertAlmostEquals(meanAveragePrecision.percent, 100 * found.meanAveragePrecision, 1e-4);
      using regression = new LogisticRegression(train, options.classes);
      for (const [i, c] of cs.entries()) {
        const fit = regression.fit(c);
        const { loss, top1 } = found.logistic[i];
        assert(Math.abs(fit.loss / loss - 1) < 1e-6, `C = ${c}: ${fit.loss}, not ${loss}`);
        assertEquals(countCorrect(fit, val).top1, top1, `C = ${c}`);
      }
    });
    for (const { features } of [train, val]) features.dispose();
  });
});

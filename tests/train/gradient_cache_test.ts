import { assert, assertEquals } from "@std/assert";
import { setNumThreads } from "../../src/tensor/device.ts";
import { cacheFeatures } from "../../src/train/gradient_cache.ts";
import { studentPass } from "../../src/train/student_pass.ts";
import { assertClose, testTensor } from "../helpers.ts";
import { noiseBatch, tinyLearner } from "./tiny_learner.ts";

setNumThreads(1); // products this small take longer when they are shared out

testTensor("the pre-pass of a gradient cache drops what the pass after it drops", () => {
  using learner = tinyLearner("cpu", { student: { drop_path_rate: 0.5, layerscale: 1 } });
  const batch = [noiseBatch(0, "cpu"), noiseBatch(1, "cpu")];
  const { microBatches, features } = cacheFeatures(learner, batch);
  assertEquals(Object.keys(features), ["1"]);
  assertClose(features[1], studentPass(learner, microBatches[1]).features.detach(), { atol: 1e-5 });
  const otherwise = studentPass(learner, batch[1]).features.detach(); // drops anew
  assert(otherwise.sub(features[1]).abs().max().item() > 1e-2);
});

testTensor("a batch in one micro-batch, or without KoLeo, needs no pre-pass", () => {
  const batch = [noiseBatch(0, "cpu"), noiseBatch(1, "cpu")];
  using plain = tinyLearner("cpu", { dino: { koleo_loss_weight: 0 } });
  assertEquals(cacheFeatures(plain, batch), { microBatches: batch, features: [] });
  using learner = tinyLearner("cpu");
  assertEquals(cacheFeatures(learner, batch.slice(1)), {
    microBatches: batch.slice(1),
    features: [],
  });
});

import { assert, assertEquals } from "@std/assert";
import { setNumThreads } from "../../src/tensor/device.ts";
import { cacheFeatures } from "../../src/train/gradient_cache.ts";
import { studentPass } from "../../src/train/student_pass.ts";
import { assertClose, testTensor } from "../helpers.ts";
import { noiseBatch, tinyLearner } from "./tiny_learner.ts";

setNumThreads(1); // products this small take longer when they are shared out

for (const local_crops_number of [2, 0]) {
  testTensor(
    `the pre-pass of a gradient cache drops what the pass after it drops, beside ${local_crops_number} local crops`,
    () => {
      using learner = tinyLearner("cpu", {
        student: { drop_path_rate: 0.5, layerscale: 1 },
        crops: { global_crops_size: 32, local_crops_size: 8, local_crops_number },
      });
      const batch = [0, 1].map((i) => {
        const made = noiseBatch(i, "cpu");
        return local_crops_number === 0 ? { ...made, localCrops: null } : made;
      });
      const { microBatches, features } = cacheFeatures(learner, batch);
      assertEquals(Object.keys(features), ["1"]);
      assertClose(features[1], studentPass(learner, microBatches[1]).features.detach(), {
        atol: 1e-5,
      });
      const otherwise = studentPass(learner, batch[1]).features.detach(); // drops anew
      assert(otherwise.sub(features[1]).abs().max().item() > 1e-2);
    },
  );
}

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

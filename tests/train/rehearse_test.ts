import { assert, assertEquals } from "@std/assert";
import { setThreads } from "../../src/tensor/device.ts";
import { rehearse } from "../../src/train/rehearse.ts";
import { studentPass } from "../../src/train/student_pass.ts";
import { assertClose, testTensor } from "../helpers.ts";
import { noiseBatch, tinyLearner } from "./tiny_learner.ts";

setThreads(1); // products this small take longer when they are shared out

testTensor("A rehearsal drops what the pass after it drops", () => {
  using learner = tinyLearner("cpu", { student: { drop_path_rate: 0.5, layerscale: 1 } });
  const batch = [noiseBatch(0, "cpu"), noiseBatch(1, "cpu")];
  const { parts, features } = rehearse(learner, batch);
  assertEquals(Object.keys(features), ["1"]);
  assertClose(features[1], studentPass(learner, parts[1]).features.detach(), { atol: 1e-5 });
  const otherwise = studentPass(learner, batch[1]).features.detach(); // drops anew
  assert(otherwise.sub(features[1]).abs().max().item() > 1e-2);
});

testTensor("A batch in one part, or without KoLeo, needs no rehearsal", () => {
  const batch = [noiseBatch(0, "cpu"), noiseBatch(1, "cpu")];
  using plain = tinyLearner("cpu", { dino: { koleo_loss_weight: 0 } });
  assertEquals(rehearse(plain, batch), { parts: batch, features: [] });
  using learner = tinyLearner("cpu");
  assertEquals(rehearse(learner, batch.slice(1)), { parts: batch.slice(1), features: [] });
});

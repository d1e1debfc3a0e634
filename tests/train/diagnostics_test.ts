import { assertEquals } from "@std/assert";
import { STUDENT_TEMPERATURE } from "../../src/dino/dino_loss.ts";
import { tensor } from "../../src/tensor/create.ts";
import { diagnose, type StepOutputs } from "../../src/train/diagnostics.ts";
import { assertClose, testTensor } from "../helpers.ts";

/** Outputs of a batch of two images, four prototypes and two channels. */
function outputs(changed: Partial<Record<keyof StepOutputs, number[][]>>): StepOutputs {
  const rows = {
    targets: Array(4).fill([0.25, 0.25, 0.25, 0.25]),
    logits: Array(4).fill([0, 0, 0, 0]),
  };
  const features = [[1, 0], [0, 1], [1, 0], [0, 1]];
  const { targets, logits, features: tokens } = { ...rows, features, ...changed };
  return {
    targets: tensor(targets),
    logits: tensor(logits),
    features: tensor(tokens),
    masks: null,
    lossScale: null,
  };
}

testTensor("uniform targets have all the entropy and tell nothing", () => {
  const { teacher_entropy, target_information, target_kl } = diagnose(outputs({}));
  assertClose(teacher_entropy, Math.log(4));
  assertClose(target_information, 0);
  assertClose(target_kl, 0);
});

testTensor(
  "targets on one prototype for each image have no entropy and tell which image it is",
  () => {
    const first = [1, 0, 0, 0], second = [0, 0, 1, 0];
    const measured = diagnose(outputs({ targets: [first, second, first, second] }));
    assertClose(measured.teacher_entropy, 0);
    assertClose(measured.target_information, Math.log(2));
    assertClose(measured.prototypes_used, 2);
    assertClose(measured.target_kl, Math.log(4)); // the student has no idea
  },
);

testTensor("targets on one prototype for all tell nothing and use one prototype", () => {
  const measured = diagnose(outputs({ targets: Array(4).fill([0, 1, 0, 0]) }));
  assertClose(measured.teacher_entropy, 0);
  assertClose(measured.target_information, 0);
  assertClose(measured.prototypes_used, 1);
});

testTensor("a student that gives the targets has no divergence from them", () => {
  const target = [0.1, 0.2, 0.3, 0.4];
  const logit = target.map((p) => STUDENT_TEMPERATURE * Math.log(p));
  const measured = diagnose(
    outputs({ targets: Array(4).fill(target), logits: Array(4).fill(logit) }),
  );
  assertClose(measured.target_kl, 0);
});

testTensor("the rank counts directions and the cosine is that of pairs of images", () => {
  const inFour = (rows: number[][]) => ({
    targets: tensor(Array(8).fill([0.5, 0.5])),
    logits: tensor(Array(8).fill([0, 0])),
    features: tensor([...rows, ...Array(4).fill([7, 7, 7])]), // second crops do not count
    masks: null,
    lossScale: null,
  });
  const cross = diagnose(inFour([[2, 0, 5], [-2, 0, 5], [0, 2, 5], [0, -2, 5]]));
  assertClose(cross.effective_rank, 2);
  assertClose(cross.mean_cosine, (4 * 25 + 2 * 21) / (6 * 29)); // four pairs at 25 / 29, two at 21 / 29
  const line = diagnose(inFour([[1, 0, 0], [-1, 0, 0], [1, 0, 0], [-1, 0, 0]]));
  assertClose(line.effective_rank, 1);
  assertClose(line.mean_cosine, -1 / 3); // two pairs of six at 1, four at -1
  const point = diagnose(inFour(Array(4).fill([3, 4, 0])));
  assertClose(point.effective_rank, 0);
  assertClose(point.mean_cosine, 1);
});

testTensor("the masked share is logged where there are masks", () => {
  const masks = tensor([[true, false], [false, false], [true, true], [false, false]]);
  assertClose(diagnose({ ...outputs({}), masks }).masked_share, 3 / 8);
  assertEquals(diagnose(outputs({})).masked_share, undefined);
});

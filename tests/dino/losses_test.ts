import { assertEquals, assertThrows } from "@std/assert";
import { globalCropsLoss, localCropsLoss, pairCount } from "../../src/dino/dino_loss.ts";
import { ibotLoss } from "../../src/dino/ibot_loss.ts";
import { koleoLoss } from "../../src/dino/koleo_loss.ts";
import { maskBatch } from "../../src/dino/mask_batch.ts";
import { sinkhornKnopp } from "../../src/dino/sinkhorn.ts";
import { SoftmaxCentering } from "../../src/dino/softmax_centering.ts";
import type { TargetMaker } from "../../src/dino/target_maker.ts";
import { grad } from "../../src/autograd/grad.ts";
import { cat, ones, tensor } from "../../src/tensor/create.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";
import { assertClose, filled, gradCheck, testTensor } from "../helpers.ts";

/** Element k is sin(a k + b). The expected values below come from the reference's modules on such tensors. */
const wave = (shape: number[], a: number, b: number) => filled(shape, (k) => Math.sin(a * k + b));

const teacher = () => wave([6, 5], 0.7, 0.3); // two crops of three images, already swapped
const TEMPERATURE = 0.07;

/** The targets of a batch in one part. */
const targetsOf = (maker: TargetMaker, logits: Tensor) =>
  maker.fit([() => logits], TEMPERATURE)(logits);

testTensor("Sinkhorn-Knopp gives the reference's targets", () => {
  const targets = targetsOf(sinkhornKnopp, teacher());
  const digits = { atol: 1e-6, rtol: 1e-5 };
  assertClose(
    targets.select(0, 0),
    [2.337136e-05, 0.07229311, 0.85518885, 0.07249451, 1.44945e-07],
    digits,
  );
  assertClose(
    targets.select(0, 5),
    [1.1608e-12, 2.65135e-09, 6.598056e-05, 0.91724658, 0.08268752],
    digits,
  );
  assertClose(targets.sum(1), ones([6]));
  assertClose(targets.sum(0), [1.0863985, 0.9742633, 0.8669080, 1.0215222, 2.0509079]);
});

/** Three rounds of Sinkhorn-Knopp in double precision, on logarithms. */
function sinkhornInLogarithms(logits: number[][], temperature: number): number[][] {
  const lse = (values: number[]) => {
    const max = Math.max(...values);
    return max + Math.log(values.reduce((sum, value) => sum + Math.exp(value - max), 0));
  };
  let rows = logits.map((row) => row.map((value) => value / temperature));
  for (let round = 0; round < 3; round++) {
    const columns = rows[0].map((_, k) => lse(rows.map((row) => row[k])));
    rows = rows.map((row) => row.map((value, k) => value - columns[k]));
    rows = rows.map((row) => row.map((value) => value - lse(row)));
  }
  return rows.map((row) => row.map(Math.exp));
}

testTensor("Sinkhorn-Knopp is right at temperatures where exp overflows or is 0 everywhere", () => {
  const logits = teacher();
  const rows = logits.toList() as number[][];
  for (const row of rows) row[1] = -1 + 0.01 * row[0]; // exp(-200) for all samples
  const shifted = tensor(rows);
  for (const temperature of [0.002, 0.005, 0.01]) {
    const expected = tensor(sinkhornInLogarithms(rows, temperature));
    const whole = sinkhornKnopp.fit([() => shifted], temperature)(shifted);
    assertClose(whole, expected, { atol: 2e-4, rtol: 2e-3 });
    const halves = [shifted.narrow(0, 0, 0), ...shifted.chunk(2)]; // one without samples
    const ofHalf = sinkhornKnopp.fit(halves.map((half) => () => half), temperature);
    assertClose(cat(halves.map(ofHalf)), expected, { atol: 2e-4, rtol: 2e-3 });
  }
});

testTensor("centring gives the reference's targets, and the centre moves after its use", () => {
  using centering = new SoftmaxCentering([1, 5]);
  const digits = { atol: 1e-8, rtol: 2e-5 };
  const first = targetsOf(centering, teacher()).select(0, 0);
  assertClose(first, [4.252844e-05, 0.10372198, 0.88655317, 0.00968109, 1.13028e-06], digits);
  assertClose(
    centering.center,
    [-0.0054545, 0.0047609, 0.0127371, 0.0147229, 0.0097842],
    { atol: 1e-7 },
  );
  const second = targetsOf(centering, teacher()).select(0, 0);
  assertClose(second, [5.448184e-05, 0.11483249, 0.87581551, 0.00929634, 1.16470e-06], digits);
});

testTensor("the DINO loss leaves out pairs of the same view and divides by the rest", () => {
  const targets = targetsOf(sinkhornKnopp, teacher());
  const pairs = pairCount(4);
  const local = localCropsLoss(wave([12, 5], 0.9, 0.5), targets);
  assertClose(local, 82.353157, { rtol: 1e-6 });
  assertClose(local.div(pairs.total), 8.2353153, { rtol: 1e-6 });
  const global = globalCropsLoss(wave([6, 5], 1.1, 0.1), targets);
  assertClose(global, 9.051500, { rtol: 1e-6 });
  assertClose(global.mul(pairs.global / pairs.total), 1.8103001, { rtol: 1e-6 });
});

testTensor("the iBOT loss weighs patches by their crop and averages over all crops", () => {
  const targets = targetsOf(sinkhornKnopp, wave([5, 5], 0.37, 0.2));
  assertClose(
    targets.select(0, 0),
    [1.1160e-06, 0.00118053, 0.21869209, 0.65186888, 0.12825739],
    { atol: 1e-7 },
  );
  const masks = new Uint8Array(4 * 6);
  for (const [crop, patch] of [[0, 1], [0, 2], [0, 4], [2, 0], [2, 5]]) masks[6 * crop + patch] = 1;
  const { weights } = maskBatch({ masks, upperbound: 6 }, 4);
  assertClose(weights, [1 / 3, 1 / 3, 1 / 3, 1 / 2, 1 / 2]);
  const loss = ibotLoss(wave([5, 5], 0.53, 0.9), targets, { weights, crops: 4 });
  assertClose(loss, 4.361808, { rtol: 1e-6 });
});

testTensor("centring of patches keeps a centre of three dimensions", () => {
  using centering = new SoftmaxCentering([1, 1, 5]);
  const targets = targetsOf(centering, wave([5, 5], 0.37, 0.2));
  assertClose(
    targets.select(0, 0),
    [6.66917e-06, 0.00086991, 0.03997079, 0.38538653, 0.57376605],
    { atol: 1e-8, rtol: 2e-5 },
  );
  assertClose(
    centering.center,
    [0.0171581, 0.0225459, 0.0248823, 0.0238509, 0.0195914],
    { atol: 1e-7 },
  );
});

testTensor("a batch without masked patches leaves the centre alone", () => {
  using centering = new SoftmaxCentering([1, 1, 5]);
  targetsOf(centering, wave([5, 5], 0.37, 0.2));
  const before = centering.center.clone();
  targetsOf(centering, wave([0, 5], 1, 1));
  assertClose(centering.center, before, { rtol: 0, atol: 0 });
});

testTensor("the KoLeo loss and its gradient are the reference's", () => {
  const features = wave([4, 6], 0.61, 0.4);
  features.requiresGrad = true;
  const loss = koleoLoss(features);
  assertClose(loss, 0.07376556, { rtol: 1e-6 });
  const [gradient] = grad([loss], [features]);
  assertClose(
    gradient!.select(0, 0),
    [0.1339295, 0.0673676, -0.0234940, -0.1058813, -0.1500767, -0.1401389],
    { atol: 1e-6 },
  );
  assertClose(gradient!.abs().sum(), 2.367772, { rtol: 1e-6 });
});

testTensor("KoLeo never takes a sample for its own neighbour", () => {
  // PyTorch's values: neighbours on the other side of the circle, and two equal samples among others.
  const triangle = tensor([[1, 0], [-0.5, Math.sqrt(0.75)], [-0.5, -Math.sqrt(0.75)]]);
  assertClose(koleoLoss(triangle), -0.54930615, { rtol: 1e-5 });
  assertClose(koleoLoss(tensor([[1, 0.1], [-1, 0.05]])), -0.69034604, { rtol: 1e-5 });
});

testTensor(
  "the DINO loss without local crops is a mean over three pairs, as in the reference",
  () => {
    assertEquals(pairCount(0), { global: 2, total: 3 });
    assertEquals(pairCount(1), { global: 2, total: 4 });
    assertEquals(pairCount(8), { global: 2, total: 18 });
  },
);

testTensor("KoLeo stays finite for equal features and refuses a single one", () => {
  assertClose(koleoLoss(ones([3, 4])), -Math.log(3e-8)); // 1e-8 in each of four places, and 1e-8
  assertThrows(() => koleoLoss(ones([1, 4])), RangeError, "train.batch_size_per_gpu");
});

testTensor("gradients of the losses agree with differences", () => {
  const targets = teacher().softmax(-1);
  gradCheck((x) => globalCropsLoss(x, targets), [wave([6, 5], 1.1, 0.1)]);
  gradCheck((x) => localCropsLoss(x, targets), [wave([12, 5], 0.9, 0.5)]);
  gradCheck((x) => koleoLoss(x), [wave([4, 6], 0.61, 0.4)]);
});

import { assert, assertEquals } from "@std/assert";
import { fanInUniform, truncNormal, uninitialized } from "../../src/nn/init.ts";
import { Generator } from "../../src/tensor/random.ts";
import { Tensor } from "../../src/tensor/tensor.ts";
import { assertClose, testTensor } from "../helpers.ts";

testTensor("truncNormal has the spread asked for when its bounds are far", () => {
  using generator = new Generator(1);
  const x = truncNormal([100, 1000], { generator });
  assertClose(x.mean(), 0, { atol: 3e-4 });
  assertClose(x.std(), 0.02, { rtol: 0.01 });
  assert(x.abs().max().item() < 0.12, "the tails are those of a normal distribution");
});

testTensor("truncNormal's bounds are absolute, and what lies between keeps its shape", () => {
  using generator = new Generator(2);
  const x = truncNormal([100_000], { std: 1, bounds: [-1, 0.5], generator });
  assert(x.amin(0).item() >= -1 && x.amax(0).item() <= 0.5);
  // Mean (φ(-1) - φ(0.5)) / (Φ(0.5) - Φ(-1)) of the truncated distribution.
  assertClose(x.mean(), (0.24197072 - 0.35206533) / (0.69146246 - 0.15865525), { atol: 0.01 });
});

testTensor("fanInUniform fills the interval of the inverse root of its inputs", () => {
  using generator = new Generator(3);
  const x = fanInUniform([100, 100], 16, { generator });
  assert(x.abs().max().item() <= 0.25);
  assertClose(x.std(), 0.25 / Math.sqrt(3), { rtol: 0.02 });
});

testTensor("a draw at the very end of the range is a tail like others, not infinite", () => {
  const { uniform_ } = Tensor.prototype;
  const drawn = [0, 1].map((end) => {
    Tensor.prototype.uniform_ = function ({ from, to } = {}) {
      return this.fill_([from, to][end]!);
    };
    try {
      return truncNormal([1]).item();
    } finally {
      Tensor.prototype.uniform_ = uniform_;
    }
  });
  assertClose(drawn, [-0.1066, 0.1066], { atol: 0.002 }); // 5.33 deviations
});

testTensor("the same seed draws the same weights", () => {
  const draw = (seed: number) => {
    using generator = new Generator(seed);
    return [truncNormal([4], { generator }).toList(), fanInUniform([4], 1, { generator }).toList()];
  };
  assertEquals(draw(5), draw(5));
  assert(JSON.stringify(draw(5)) !== JSON.stringify(draw(6)));
});

testTensor("where weights are not to be drawn, no number is taken from the generator", () => {
  using generator = new Generator(3), untouched = new Generator(3);
  uninitialized(() => [truncNormal([4], { generator }), fanInUniform([4], 4, { generator })]);
  assertClose(truncNormal([4], { generator }), truncNormal([4], { generator: untouched }), {
    atol: 0,
    rtol: 0,
  });
});

testTensor(
  "without options weights have the reference's deviation of 0.02, and bounds of 2",
  () => {
    const generator = new Generator(0);
    const drawn = truncNormal([20_000], { generator });
    assertClose(drawn.pow(2).mean().sqrt(), 0.02, { rtol: 0.02 });
    const wide = truncNormal([20_000], { generator, std: 4 });
    assertClose([wide.min(), wide.max()], [-2, 2], { atol: 0.01 });
  },
);

import { assertEquals } from "@std/assert";
import { noGrad } from "../../../src/autograd/mode.ts";
import { DepthHead } from "../../../src/eval/dense/depth_head.ts";
import { Generator } from "../../../src/tensor/random.ts";
import { upsampleBilinear2d } from "../../../src/nn/functional.ts";
import { assertClose, filled, gradCheck, testTensor } from "../../helpers.ts";

const range = { minDepth: 0.001, maxDepth: 10 };

testTensor("without weights every bin counts the same: the middle of the range", () => {
  using head = new DepthHead(3, range);
  noGrad(() => head.parameters().forEach((value) => value.zero_()));
  const depth = head.forward(filled([2, 3, 2, 3], Math.sin, { dtype: "float32" }));
  assertEquals(depth.shape, [2, 1, 8, 12]);
  assertClose(depth, depth.mul(0).add(10.001 / 2), { rtol: 1e-5 });
});

testTensor("a bin that outweighs all others is the depth", () => {
  using head = new DepthHead(1, range);
  noGrad(() => {
    head.parameters().forEach((value) => value.zero_());
    head.convDepth.bias.narrow(0, 51, 1).fill_(1e7);
  });
  // Of 256 depths from 0.001 to 10, the 52nd is 0.001 + 51 · 9.999 / 255 = 2.0008.
  assertClose(head.forward(filled([1, 1, 1, 1], () => 0, { dtype: "float32" })).mean(), 2.0008, {
    rtol: 1e-4,
  });
});

testTensor(
  "it is what the reference computes: features enlarged first, then mapped and normalised",
  () => {
    using head = new DepthHead(4, range);
    head.to({ dtype: "float64" });
    const features = filled([1, 4, 2, 3], (k) => 3 * Math.sin(5 * k));
    const fine = upsampleBilinear2d(features, [8, 12]);
    const logits = head.convDepth.forward(fine).toList() as number[][][][];
    const expected = Array.from({ length: 96 }, (_, place) => {
      const weights = logits[0].map((map) =>
        Math.max(0, map[Math.floor(place / 12)][place % 12]) + 0.1
      );
      const total = weights.reduce((a, b) => a + b);
      return weights.reduce((sum, w, i) => sum + w / total * (0.001 + i * 9.999 / 255), 0);
    });
    assertClose(head.forward(features), expected, { rtol: 1e-9 });
  },
);

testTensor("gradients flow to weights and bias", () => {
  using head = new DepthHead(2, range);
  head.to({ dtype: "float64" });
  const coefficients = filled([1, 1, 4, 8], (k) => Math.cos(k));
  gradCheck((x) => head.forward(x).mul(coefficients).sum(), [filled([1, 2, 1, 2], (k) => 1 + k)]);
});

testTensor("its checkpoint has the reference's names", () => {
  using head = new DepthHead(2, range);
  assertEquals(Object.keys(head.stateDict()), ["conv_depth.weight", "conv_depth.bias"]);
});

testTensor(
  "weights and biases begin as PyTorch's, even within the inverse root of the channels",
  () => {
    using generator = new Generator(0);
    using head = new DepthHead(100, range, { generator });
    const { weight, bias } = head.convDepth;
    for (const [values, slack] of [[weight, 0.001], [bias, 0.005]] as const) {
      assertClose([values.min().item(), values.max().item()], [-0.1, 0.1], {
        atol: slack,
        rtol: 0,
      });
      assertClose(values.std(), 0.1 / Math.sqrt(3), { rtol: 0.1 });
    }
  },
);

import { assertEquals } from "@std/assert";
import {
  conv2d,
  gelu,
  gridSample,
  layerNorm,
  linear,
  logSoftmax,
  normalize,
  oneHot,
  reflectionPad2d,
  scaledDotProductAttention,
  silu,
  softmax,
  upsampleBicubic2d,
  upsampleBilinear2d,
  weightNorm,
  zeroPad2d,
} from "../../src/nn/functional.ts";
import { tensor } from "../../src/tensor/create.ts";
import { liveTensors } from "../../src/tensor/scope.ts";
import { assertClose, filled, gradCheck, testTensor } from "../helpers.ts";

const wave = (shape: number[], phase = 0) => filled(shape, (k) => Math.sin(0.7 * k + phase));

testTensor("linear multiplies by the transposed weight and adds the bias", () => {
  const x = tensor([[1, 2]]), weight = tensor([[3, 4], [5, 6], [7, 8]]);
  assertClose(linear(x, weight), [[11, 17, 23]]);
  assertClose(linear(x, weight, tensor([1, 0, -1])), [[12, 17, 22]]);
});

testTensor(
  "layerNorm brings the last dimension to mean 0 and variance 1 before scale and shift",
  () => {
    const x = tensor([1, 3, 5, 7], { dtype: "float64" });
    const unit = [-3, -1, 1, 3].map((value) => value / Math.sqrt(5));
    assertClose(layerNorm(x, 4, { eps: 0 }), unit);
    const weight = tensor([2, 2, 2, 2], { dtype: "float64" });
    const bias = tensor([1, 1, 1, 1], { dtype: "float64" });
    assertClose(layerNorm(x, 4, { weight, bias, eps: 0 }), unit.map((value) => 2 * value + 1));
  },
);

testTensor("gelu is the exact one and silu is x times the sigmoid", () => {
  const x = tensor([-1, 0, 1, 2], { dtype: "float64" });
  assertClose(gelu(x), [-0.15865525393145707, 0, 0.8413447460685429, 1.9544997361036416]);
  assertClose(silu(x), [-1, 0, 1, 2].map((value) => value / (1 + Math.exp(-value))));
});

testTensor("softmax sums to one along its dimension and logSoftmax is its logarithm", () => {
  const x = tensor([[0, Math.log(3)], [1000, 1000]], { dtype: "float64" });
  assertClose(softmax(x, 1), [[0.25, 0.75], [0.5, 0.5]]);
  assertClose(logSoftmax(x, 1).exp(), [[0.25, 0.75], [0.5, 0.5]]);
});

testTensor("attention averages values by the softmax of scaled products", () => {
  const q = wave([1, 2, 3, 4]), k = wave([1, 2, 3, 4], 1), v = wave([1, 2, 3, 4], 2);
  const weights = softmax(q.matmul(k.transpose(2, 3)).mul(0.5), -1);
  assertClose(scaledDotProductAttention(q, k, v), weights.matmul(v), { atol: 1e-12 });
});

testTensor("conv2d with its stride adds up windows", () => {
  const x = filled([1, 1, 2, 4], (k) => k), weight = filled([1, 1, 2, 2], () => 1);
  assertClose(conv2d(x, weight, { stride: 2 }), [0 + 1 + 4 + 5, 2 + 3 + 6 + 7]);
  assertClose(conv2d(x, weight, { stride: 4, padding: 1 }), [0, 3]);
});

testTensor("normalize gives unit vectors and leaves zero vectors zero", () => {
  assertClose(normalize(tensor([[3, 4], [0, 0]])), [[0.6, 0.8], [0, 0]]);
  assertClose(normalize(tensor([[3, 4], [4, 3]]), { dim: 0 }), [[0.6, 0.8], [0.8, 0.6]]);
  assertClose(normalize(tensor([[3e-4, 4e-4]]), { eps: 1e-3 }), [[0.3, 0.4]]);
});

testTensor("normalize divides by no less than PyTorch's 1e-12, or than it is told", () => {
  const x = tensor([[3e-10, 4e-10], [3e-13, 4e-13]], { dtype: "float64" });
  assertClose(normalize(x), [[0.6, 0.8], [0.3, 0.4]]);
  assertClose(normalize(x, { eps: 1e-9 }), [[0.3, 0.4], [3e-4, 4e-4]]);
});

testTensor("bicubic resizing reproduces a constant in every mode", () => {
  const x = filled([1, 2, 5, 5], () => 3);
  assertClose(upsampleBicubic2d(x, [3, 7]), Array(42).fill(3));
  assertClose(upsampleBicubic2d(x, [3, 7], { scales: [0.62, 1.42] }), Array(42).fill(3));
  assertClose(upsampleBicubic2d(x, [3, 7], { antialias: true }), Array(42).fill(3));
});

testTensor("bilinear resizing counts from the centres of pixels, rows then columns", () => {
  const x = tensor([[[[0, 1, 2, 3], [10, 11, 12, 13]]]]);
  assertClose(upsampleBilinear2d(x, [1, 2]), [5.5, 7.5]);
  assertClose(upsampleBilinear2d(tensor([[[[0, 8]]]]), [1, 4]), [0, 2, 6, 8]);
});

testTensor(
  "bicubic resizing weighs four pixels by the cubic of -0.75, by the scale that is given",
  () => {
    const kernel = (x: number) =>
      x < 1
        ? 1.25 * x ** 3 - 2.25 * x ** 2 + 1
        : x < 2
        ? -0.75 * (x ** 3 - 5 * x ** 2 + 8 * x - 4)
        : 0;
    const impulse = filled([1, 1, 1, 9], (k) => k === 4 ? 1 : 0);
    const expected = (width: number, scale: number) =>
      Array.from({ length: width }, (_, i) => kernel(Math.abs((i + 0.5) / scale - 0.5 - 4)));
    assertClose(upsampleBicubic2d(impulse, [1, 12]), expected(12, 12 / 9), { atol: 1e-6 });
    const scales = [1, 1.4] as const;
    assertClose(upsampleBicubic2d(impulse, [1, 12], { scales }), expected(12, 1.4), { atol: 1e-6 });
  },
);

testTensor("padding goes to the sides that are named", () => {
  const x = tensor([[1, 2]]);
  assertClose(zeroPad2d(x, { left: 1, right: 0, top: 0, bottom: 2 }), [
    ...[0, 1, 2],
    ...[0, 0, 0, 0, 0, 0],
  ]);
});

testTensor("a mirrored border leaves out the outermost pixels themselves", () => {
  const x = tensor([[[[1, 2, 3]]]]);
  const padded = reflectionPad2d(x, { left: 2, right: 1, top: 0, bottom: 0 });
  assertClose(padded, [[[[3, 2, 1, 2, 3, 2]]]]);
});

testTensor(
  "a grid takes images between the middles of their outermost pixels, and 0 outside",
  () => {
    const x = tensor([[[[1, 2, 5]]]]);
    const grid = tensor([[[[-1, 0], [0.5, 0], [1, 0], [3, 0]]]]);
    assertClose(gridSample(x, grid, "bilinear"), [[[[1, 3.5, 5, 0]]]]);
    assertClose(gridSample(x, tensor([[[[0.6, 0]]]]), "nearest"), [[[[5]]]]);
  },
);

testTensor("labels have a 1 at their own place of as many as there are classes", () => {
  const labels = tensor([2, 0], { dtype: "int64" });
  assertEquals(oneHot(labels, 3).toList(), [[0, 0, 1], [1, 0, 0]]);
});

testTensor("convolutions of groups keep their channels apart, and add a bias to each", () => {
  const x = tensor([[[[1]], [[2]]]]), weight = tensor([[[[3]]], [[[5]]]]);
  assertClose(conv2d(x, weight, { groups: 2, bias: tensor([10, 20]) }), [13, 30]);
  assertClose(conv2d(filled([1, 1, 1, 3], (k) => k), filled([1, 1, 1, 1], () => 1)), [0, 1, 2]);
});

testTensor("weightNorm gives rows the lengths asked for, with gradients for both parts", () => {
  const v = tensor([[3, 4], [0, 2]], { dtype: "float64" });
  const g = tensor([[1], [5]], { dtype: "float64" });
  assertClose(weightNorm(v, g), [[0.6, 0.8], [0, 5]]);
  gradCheck((v, g) => weightNorm(v, g).mul(wave([2, 2])).sum(), [v, g]);
});

testTensor("gradients flow through every function", () => {
  const x = wave([2, 4]), weight = wave([3, 4], 1), bias = wave([3], 2), scale = wave([4], 3);
  gradCheck((x, weight, bias) => linear(x, weight, bias).pow(2).sum(), [x, weight, bias]);
  gradCheck((x, weight) => layerNorm(x, 4, { weight }).pow(2).sum(), [x, scale]);
  gradCheck((x) => gelu(x).add(silu(x)).add(softmax(x, 1)).add(logSoftmax(x, 0)).pow(2).sum(), [x]);
  gradCheck((x) => normalize(x).mul(wave([2, 4], 1)).sum(), [x]);
  gradCheck((q, k, v) => scaledDotProductAttention(q, k, v).pow(2).sum(), [
    wave([1, 1, 3, 2]),
    wave([1, 1, 3, 2], 1),
    wave([1, 1, 3, 2], 2),
  ]);
  gradCheck((x, weight) => conv2d(x, weight, { stride: 2 }).pow(2).sum(), [
    wave([1, 1, 4, 4]),
    wave([2, 1, 2, 2], 1),
  ]);
});

testTensor("weightNorm leaves nothing beside its result", () => {
  const v = tensor([[3, 4]]), g = tensor([[1]]), before = liveTensors();
  weightNorm(v, g);
  assertEquals(liveTensors(), before + 1);
});

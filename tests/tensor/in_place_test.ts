import { assert, assertEquals } from "@std/assert";
import { tensor, zeros } from "../../src/tensor/create.ts";
import { Generator } from "../../src/tensor/random.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";
import { assertClose, testTensor } from "../helpers.ts";

testTensor(
  "what is written in place is what the operation of that name gives, in the same tensor",
  () => {
    const other = tensor([2, 4]), mask = tensor([true, false]);
    const index = tensor([1], { dtype: "int64" });
    const cases: [write: (x: Tensor) => Tensor, expected: number[]][] = [
      [(x) => x.add_(other), [3, 1.5]],
      [(x) => x.add_(1), [2, -1.5]],
      [(x) => x.sub_(other), [-1, -6.5]],
      [(x) => x.sub_(1), [0, -3.5]],
      [(x) => x.mul_(other), [2, -10]],
      [(x) => x.mul_(2), [2, -5]],
      [(x) => x.div_(other), [0.5, -0.625]],
      [(x) => x.div_(2), [0.5, -1.25]],
      [(x) => x.addcmul_(other, other), [5, 13.5]],
      [(x) => x.addcmul_(other, other, { value: 0.5 }), [3, 5.5]],
      [(x) => x.lerp_(other, 0.5), [1.5, 0.75]],
      [(x) => x.clamp_({ min: 0 }), [1, 0]],
      [(x) => x.clamp_({ max: 0 }), [0, -2.5]],
      [(x) => x.round_(), [1, -2]],
      [(x) => x.floor_(), [1, -3]],
      [(x) => x.copy_(tensor([7, 8], { dtype: "int32" })), [7, 8]],
      [(x) => x.zero_(), [0, 0]],
      [(x) => x.fill_(3), [3, 3]],
      [(x) => x.maskedFill_(mask, 9), [9, -2.5]],
      [(x) => x.indexCopy_(0, index, tensor([6])), [1, 6]],
      [(x) => x.indexAdd_(0, index, tensor([6])), [1, 3.5]],
      [(x) => x.indexAdd_(0, index, tensor([6]), { alpha: 0.5 }), [1, 0.5]],
    ];
    for (const [write, expected] of cases) {
      const x = tensor([1, -2.5]);
      assertEquals([write(x) === x, x.toList()], [true, expected], String(write));
    }
  },
);

testTensor("draws fill a tensor with the spread and the range asked for", () => {
  using generator = new Generator(0);
  const x = zeros([20_000]);
  x.normal_({ mean: 3, std: 2, generator });
  assertClose([x.mean().item(), x.std().item()], [3, 2], { atol: 0.05 });
  x.normal_({ generator });
  assertClose([x.mean().item(), x.std().item()], [0, 1], { atol: 0.03 });
  const range = () => [x.min().item(), x.max().item()];
  x.uniform_({ from: -1, to: 3, generator });
  assertClose(range(), [-1, 3], { atol: 0.01 });
  assert(range()[0] >= -1 && range()[1] < 3);
  x.uniform_({ generator });
  assertClose(range(), [0, 1], { atol: 0.001 });
});

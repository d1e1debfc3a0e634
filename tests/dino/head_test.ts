import { assertEquals } from "@std/assert";
import { noGrad } from "../../src/autograd/mode.ts";
import { DinoHead } from "../../src/dino/head.ts";
import { Generator } from "../../src/tensor/random.ts";
import { assertClose, filled, gradCheck, testTensor } from "../helpers.ts";

const sizes = { prototypes: 10, hiddenDim: 12, bottleneckDim: 4 };

testTensor("the head gives the reference's output", () => {
  using head = new DinoHead(8, sizes).to({ dtype: "float64" });
  noGrad(() => {
    for (const [i, [name, parameter]] of [...head.namedParameters()].entries()) {
      const isLength = name === "last_layer.weight_g";
      parameter.copy_(
        filled(parameter.shape, (k) => isLength ? 1 : 0.3 * Math.sin(0.7 * k + 0.1 * i)),
      );
    }
  });
  const output = head.forward(filled([2, 8], (k) => Math.sin(0.7 * k + 0.3)));
  const expected = [
    0.5118804,
    -0.4875669,
    0.4173717,
    -0.2989477,
    0.1337434,
    0.0607244,
    -0.2477731,
    0.3917989,
    -0.4786286,
    0.5112505,
  ];
  assertClose(output.select(0, 0), expected, { atol: 1e-6 });
});

testTensor("parameters carry the reference's names", () => {
  using head = new DinoHead(8, sizes);
  const names = [0, 2, 4].flatMap((i) => [`mlp.${i}.weight`, `mlp.${i}.bias`]);
  assertEquals(
    [...head.namedParameters()].map(([name]) => name),
    [...names, "last_layer.weight_g", "last_layer.weight_v"],
  );
  using single = new DinoHead(8, { ...sizes, nlayers: 1 });
  assertEquals([...single.namedParameters()][0][0], "mlp.weight");
});

testTensor("scores are cosines at first: lengths start at 1", () => {
  using head = new DinoHead(8, { ...sizes, generator: new Generator(1) });
  const logits = head.forward(filled([5, 8], (k) => Math.cos(k), { dtype: "float32" }));
  assertEquals(logits.abs().max().item() <= 1 + 1e-6, true);
});

testTensor("gradients of the head agree with differences", () => {
  using head = new DinoHead(3, {
    prototypes: 4,
    hiddenDim: 5,
    bottleneckDim: 3,
    generator: new Generator(0),
  })
    .to({ dtype: "float64" });
  gradCheck((x) => head.forward(x).pow(2).sum(), [filled([2, 3], (k) => Math.sin(k + 1))]);
});

import { assert, assertEquals, assertThrows } from "@std/assert";
import { Linear } from "../../src/nn/linear.ts";
import { Module, parameter } from "../../src/nn/module.ts";
import { full, ones, zeros } from "../../src/tensor/create.ts";
import { liveTensors, scope } from "../../src/tensor/scope.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";
import { assertClose, testTensor } from "../helpers.ts";

/** Names of every kind that networks have. */
class Names extends Module {
  weightG: Tensor = parameter(ones([1]));
  ls1: Tensor = parameter(ones([1]));
  w12: Tensor = parameter(ones([1]));
  registerTokens: Tensor = parameter(ones([1]));
}

class Net extends Module {
  layers = [new Linear(2, 3), "not a module", new Linear(3, 1, { bias: false })];
  lastLayer = new Linear(1, 1);
  scaleFactor: Tensor = parameter(ones([2]));
  absent: Tensor | null = null;
}

testTensor(
  "a module's own parameters come first, then those of its children by index and name",
  () => {
    using net = new Net();
    assertEquals(Array.from(net.namedParameters(), ([name, { shape }]) => [name, shape]), [
      ["scale_factor", [2]],
      ["layers.0.weight", [3, 2]],
      ["layers.0.bias", [3]],
      ["layers.2.weight", [1, 3]],
      ["last_layer.weight", [1, 1]],
      ["last_layer.bias", [1]],
    ]);
  },
);

testTensor("field names become checkpoint names by their capitals alone", () => {
  using names = new Names();
  assertEquals(Object.keys(names.stateDict()), ["weight_g", "ls1", "w12", "register_tokens"]);
});

testTensor("a state dictionary loads into another module of the same shape", () => {
  using from = new Net();
  using to = new Net();
  to.loadStateDict(from.stateDict());
  for (const [name, value] of to.namedParameters()) assertClose(value, from.stateDict()[name]);
});

testTensor("loading names what is missing and what is unknown, and copies nothing", () => {
  using layer = new Linear(1, 1);
  const error = assertThrows(
    () => layer.loadStateDict({ weight: full([1, 1], 7), gamma: ones([1]) }),
    RangeError,
  );
  assertEquals(error.message, 'Cannot load the weights: missing "bias"; unknown "gamma"');
  assert(layer.weight.item() !== 7);
});

testTensor("loading refuses a tensor of another shape by name", () => {
  using layer = new Linear(2, 1);
  const error = assertThrows(
    () => layer.loadStateDict({ weight: ones([2, 1]), bias: ones([1]) }),
    TypeError,
  );
  assertEquals(
    error.message,
    'Cannot load "weight" of shape [2, 1] into a parameter of shape [1, 2]',
  );
});

testTensor("train and eval reach every child", () => {
  using net = new Net();
  net.eval();
  assertEquals([net.training, net.lastLayer.training], [false, false]);
  net.train();
  assertEquals([net.training, net.lastLayer.training], [true, true]);
});

testTensor(
  "conversion keeps values and the wish for gradients, and frees the old parameters",
  () => {
    using layer = new Linear(2, 2);
    const before = liveTensors();
    const values = layer.weight.toList();
    layer.bias!.requiresGrad = false;
    layer.to({ dtype: "float64" });
    assertEquals([layer.weight.dtype, layer.weight.requiresGrad], ["float64", true]);
    assertEquals(layer.bias!.requiresGrad, false);
    assertEquals(layer.weight.toList(), values);
    assertEquals(liveTensors(), before);
    using net = new Net();
    net.to({ dtype: "float64" });
    assertEquals(new Set(net.parameters().map(({ dtype }) => dtype)), new Set(["float64"]));
  },
);

testTensor(
  "parameters outlive the scope they were made in until their module is disposed of",
  () => {
    const layer = scope(() => {
      const made = new Linear(2, 2);
      return { made };
    }).made;
    assertEquals(layer.forward(zeros([1, 2])).toList(), [[0, 0]]);
    layer.dispose();
    assert(layer.weight.disposed);
  },
);

testTensor("zeroGrad forgets gradients", () => {
  using layer = new Linear(1, 1);
  scope(() => layer.forward(ones([1, 1])).sum().backward());
  assertEquals(layer.bias!.grad!.item(), 1);
  layer.zeroGrad();
  assertEquals(layer.bias!.grad, null);
});

testTensor("a parameter collects gradients and survives the scope it was made in", () => {
  const made: { weight?: ReturnType<typeof ones> } = {};
  scope(() => {
    made.weight = parameter(ones([2]));
  });
  using weight = made.weight!;
  scope(() => weight.mul(3).sum().backward());
  assertEquals(weight.grad!.toList(), [3, 3]);
});

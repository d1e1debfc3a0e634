import { assertEquals } from "@std/assert";
import { onDevice } from "../../src/tensor/device.ts";
import { Block } from "../../src/vit/block.ts";
import { assertClose, filled, gradCheck, testTensor } from "../helpers.ts";
import { fillWithWaves } from "./closed_form.ts";

const groups = [{ batch: 1, length: 3 }];

testTensor("both branches add to what they read", () => {
  using block = fillWithWaves(new Block(4, 2, { initValues: 1 }).to({ dtype: "float64" }));
  const x = filled([3, 4], (k) => Math.sin(k));
  const middle = x.add(
    block.attn.forward(block.norm1.forward(x), groups).mul(block.ls1!.gamma),
  );
  const end = middle.add(block.mlp.forward(block.norm2.forward(middle)).mul(block.ls2!.gamma));
  assertClose(block.forward(x, groups), end, { atol: 1e-12 });
});

testTensor("without LayerScale the branches are added as they are", () => {
  using bare = fillWithWaves(new Block(4, 2).to({ dtype: "float64" }));
  using scaled = new Block(4, 2, { initValues: 1 }).to({ dtype: "float64" });
  assertEquals([bare.ls1, bare.ls2], [null, null]);
  scaled.loadStateDict({
    ...scaled.stateDict(),
    ...bare.stateDict(),
  });
  const x = filled([3, 4], (k) => Math.sin(k));
  assertClose(bare.forward(x, groups), scaled.forward(x, groups), { atol: 1e-12 });
});

testTensor("the names of parameters are the reference's", () => {
  using block = new Block(4, 2, { initValues: 1, ffnLayer: "swiglu" });
  assertEquals(Object.keys(block.stateDict()), [
    "norm1.weight",
    "norm1.bias",
    "attn.qkv.weight",
    "attn.qkv.bias",
    "attn.proj.weight",
    "attn.proj.bias",
    "ls1.gamma",
    "norm2.weight",
    "norm2.bias",
    "mlp.w12.weight",
    "mlp.w12.bias",
    "mlp.w3.weight",
    "mlp.w3.bias",
    "ls2.gamma",
  ]);
});

testTensor("gradients flow through both kinds of block to the input", () => {
  for (const ffnLayer of ["mlp", "swiglu"] as const) {
    using block = fillWithWaves(
      new Block(4, 2, { initValues: 1, ffnLayer }).to({ dtype: "float64" }),
    );
    const x = filled([3, 4], (k) => Math.sin(2 * k));
    gradCheck((x) => block.forward(x, groups).pow(2).sum(), [x]);
  }
});

testTensor("a block that is told nothing has an MLP of four widths and no LayerScale", () => {
  using block = onDevice("meta", () => new Block(6, 2));
  const shapes = Array.from(block.namedParameters(), ([name, { shape }]) => [name, [...shape]]);
  assertEquals(Object.fromEntries(shapes), {
    ...{ "norm1.weight": [6], "norm1.bias": [6], "norm2.weight": [6], "norm2.bias": [6] },
    ...{ "attn.qkv.weight": [18, 6], "attn.qkv.bias": [18] },
    ...{ "attn.proj.weight": [6, 6], "attn.proj.bias": [6] },
    ...{ "mlp.fc1.weight": [24, 6], "mlp.fc1.bias": [24] },
    ...{ "mlp.fc2.weight": [6, 24], "mlp.fc2.bias": [6] },
  });
  using narrow = onDevice("meta", () => new Block(6, 2, { mlpRatio: 2.8, initValues: 1e-7 }));
  assertEquals(narrow.stateDict()["mlp.fc1.bias"].shape, [16], "16.8 is truncated");
  assertEquals(["ls1.gamma", "ls2.gamma"].map((name) => name in narrow.stateDict()), [true, true]);
});

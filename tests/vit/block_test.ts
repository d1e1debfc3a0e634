import { assertEquals } from "@std/assert";
import { Block } from "../../src/vit/block.ts";
import { assertClose, filled, gradCheck, testTensor } from "../helpers.ts";
import { fillWithWaves } from "./closed_form.ts";

const groups = [{ batch: 1, tokens: 3 }];

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

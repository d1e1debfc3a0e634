import { assertAlmostEquals, assertEquals } from "@std/assert";
import { onDevice } from "../../src/tensor/device.ts";
import { architectures } from "../../src/vit/architectures.ts";
import type { VisionTransformerOptions } from "../../src/vit/options.ts";
import { VisionTransformer } from "../../src/vit/vision_transformer.ts";
import { testTensor } from "../helpers.ts";

const tiny = { embedDim: 8, depth: 2, numHeads: 2, patchSize: 4, imgSize: 8 };

/** What a pass over images costs. */
function cost(options: VisionTransformerOptions, side: number, batch = 1, dropping = false) {
  using vit = onDevice("meta", () => new VisionTransformer(options));
  return vit.cost({ batch, side }, { dropping });
}

// Of an image of 8 pixels: 4 patches of 48 values to width 8, 5 tokens.
const embedding = 2 * 4 * 48 * 8;
const mlp = 2 * 5 * 8 * 32 + 2 * 5 * 32 * 8;
const block = 2 * 5 * 8 * 24 + 2 * 2 * 5 * 5 * 8 + 2 * 5 * 8 * 8 + mlp;

testTensor("products of a tiny transformer are counted as by hand", () => {
  assertEquals(cost(tiny, 8).flops, embedding + 2 * block);
  const swiglu = 2 * 5 * 8 * 48 + 2 * 5 * 24 * 8; // 24 = 8 * floor((21 + 7) / 8)
  const gated = cost({ ...tiny, ffnLayer: "swiglu" }, 8).flops;
  assertEquals(gated, embedding + 2 * (block - mlp + swiglu));
});

testTensor("registers are tokens, and another side changes the patches", () => {
  const tokens = (n: number) => 2 * (8 * n * 64 + 4 * n * n * 8 + 4 * n * 8 * 32);
  assertEquals(cost({ ...tiny, numRegisterTokens: 3 }, 8).flops, embedding + tokens(8));
  assertEquals(cost(tiny, 12).flops, 2 * 9 * 48 * 8 + tokens(10));
});

testTensor("what stochastic depth drops costs nothing, block by block", () => {
  const rising = { ...tiny, dropPathRate: 0.5, dropPathUniform: false }; // 0 in the first block
  assertEquals(cost(rising, 8, 4).flops, 4 * (embedding + 2 * block));
  assertEquals(cost(rising, 8, 4, true).flops, 4 * embedding + 6 * block);
  assertEquals(cost(tiny, 8, 0), { flops: 0, kept: 0 });
});

testTensor("what the backward pass needs is counted as by hand", () => {
  // Norms 2 (D + 2), queries, keys and values with their input 4 D + 2 heads, projection D, MLP D + 2 · 4 D.
  const kept = 5 * (2 * 10 + (32 + 2) + 8 + 8 + 64);
  const { kept: plain } = cost({ ...tiny, initValues: 0 }, 8);
  assertEquals(plain, 4 * 48 + 2 * kept + 5 * 10);
  assertEquals(cost(tiny, 8).kept - plain, 2 * 5 * 2 * 8, "LayerScale keeps both branches");
  assertEquals(
    cost({ ...tiny, initValues: 0, ffnLayer: "swiglu" }, 8).kept - plain,
    2 * 5 * (4 * 24 - 64), // 3 H and its output H in the place of 8 D
  );
});

testTensor(
  "ViT-S/16 and ViT-B/16 at 224 pixels take the published 4.6 and 17.6 billion multiplications",
  () => {
    assertAlmostEquals(cost(architectures.vit_small, 224).flops / 2e9, 4.6, 0.05);
    assertAlmostEquals(cost(architectures.vit_base, 224).flops / 2e9, 17.6, 0.1);
  },
);

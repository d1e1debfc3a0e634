import { assertAlmostEquals, assertEquals } from "@std/assert";
import { architectures } from "../../src/vit/architectures.ts";
import { forwardFlops } from "../../src/vit/forward_flops.ts";

const tiny = { embedDim: 8, depth: 2, numHeads: 2, patchSize: 4, imgSize: 8 };

Deno.test("products of a tiny transformer are counted as by hand", () => {
  const embedding = 2 * 4 * 48 * 8; // 4 patches of 48 values to width 8
  const qkv = 2 * 5 * 8 * 24, attention = 2 * 2 * 5 * 5 * 8, projection = 2 * 5 * 8 * 8; // 5 tokens
  const mlp = 2 * 5 * 8 * 32 + 2 * 5 * 32 * 8;
  const block = qkv + attention + projection + mlp;
  assertEquals(forwardFlops(tiny, 8), embedding + 2 * block);
  assertEquals(forwardFlops(tiny, 8, { kept: [1, 0.5] }), embedding + 1.5 * block);
  const swiglu = 2 * 5 * 8 * 48 + 2 * 5 * 24 * 8; // 24 = 8 * floor((21 + 7) / 8)
  assertEquals(
    forwardFlops({ ...tiny, ffnLayer: "swiglu" }, 8),
    embedding + 2 * (block - mlp + swiglu),
  );
});

Deno.test("registers are tokens, and another side changes the patches", () => {
  const tokens = (n: number) => 2 * (8 * n * 64 + 4 * n * n * 8 + 4 * n * 8 * 32);
  assertEquals(forwardFlops({ ...tiny, numRegisterTokens: 3 }, 8), 2 * 4 * 48 * 8 + tokens(8));
  assertEquals(forwardFlops(tiny, 12), 2 * 9 * 48 * 8 + tokens(10));
});

Deno.test("ViT-S/16 and ViT-B/16 at 224 pixels take the published 4.6 and 17.6 billion multiplications", () => {
  assertAlmostEquals(forwardFlops(architectures.vit_small, 224) / 2e9, 4.6, 0.05);
  assertAlmostEquals(forwardFlops(architectures.vit_base, 224) / 2e9, 17.6, 0.1);
});

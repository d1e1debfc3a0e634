import { assertEquals } from "@std/assert";
import { architectureOf, architectures, releasedOptions } from "../../src/vit/architectures.ts";
import { resolveOptions } from "../../src/vit/options.ts";

Deno.test("the architectures are the reference's, and the smaller ones stay what they are", () => {
  const table = Object.entries(architectures)
    .map(([name, { embedDim, depth, numHeads }]) => [name, embedDim, depth, numHeads]);
  assertEquals(table, [
    ["vit_nano", 64, 4, 2],
    ["vit_micro", 128, 4, 4],
    ["vit_mini", 192, 6, 6],
    ["vit_tiny", 192, 12, 3],
    ["vit_small", 384, 12, 6],
    ["vit_base", 768, 12, 12],
    ["vit_large", 1024, 24, 16],
    ["vit_giant2", 1536, 40, 24],
  ]);
});

Deno.test("an architecture is known by its width, depth and heads together", () => {
  assertEquals(architectureOf({ embedDim: 192, depth: 12, numHeads: 3 }), "vit_tiny");
  assertEquals(architectureOf({ embedDim: 192, depth: 12, numHeads: 6 }), undefined);
  assertEquals(architectureOf({ embedDim: 192, depth: 6, numHeads: 6 }), "vit_mini");
});

Deno.test("every architecture can be built", () => {
  for (const sizes of Object.values(architectures)) resolveOptions({ ...sizes, patchSize: 8 });
});

Deno.test("released models with registers resize positions in the other way", () => {
  const plain = releasedOptions("vit_giant2");
  const registers = releasedOptions("vit_small", { registers: true });
  assertEquals([plain.ffnLayer, plain.interpolateOffset, plain.interpolateAntialias], [
    "swiglu",
    0.1,
    false,
  ]);
  assertEquals([registers.numRegisterTokens, registers.interpolateOffset], [4, 0]);
  assertEquals([registers.ffnLayer, registers.interpolateAntialias], ["mlp", true]);
  for (const { imgSize, patchSize, initValues } of [plain, registers]) {
    assertEquals([imgSize, patchSize, initValues], [518, 14, 1]);
  }
  assertEquals([plain.numRegisterTokens, plain.numHeads], [0, 24]);
});

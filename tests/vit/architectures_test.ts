import { assertEquals, assertThrows } from "@std/assert";
import { architectureName, architectures, releasedOptions } from "../../src/vit/architectures.ts";
import { resolveOptions } from "../../src/vit/options.ts";

Deno.test("every architecture can be built", () => {
  for (const sizes of Object.values(architectures)) resolveOptions({ ...sizes, patchSize: 8 });
});

Deno.test("a misspelt architecture is answered with the nearest name", () => {
  assertEquals(architectureName("vit_large"), "vit_large");
  const error = assertThrows(() => architectureName("vit_larg"), RangeError);
  assertEquals(
    error.message,
    'Cannot find the architecture "vit_larg": did you mean "vit_large"? There are vit_nano, ' +
      "vit_micro, vit_mini, vit_tiny, vit_small, vit_base, vit_large, vit_giant2",
  );
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
});

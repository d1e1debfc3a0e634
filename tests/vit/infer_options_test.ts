import "../native.ts";
import { assertEquals } from "@std/assert";
import { architectures, releasedOptions } from "../../src/vit/architectures.ts";
import { inferOptions } from "../../src/vit/infer_options.ts";
import { resolveOptions } from "../../src/vit/options.ts";
import { parameterShapes } from "../../src/vit/parameter_shapes.ts";

for (const registers of [false, true]) {
  for (const name of ["vit_small", "vit_base", "vit_large", "vit_giant2"] as const) {
    Deno.test(`the released ${name} ${registers ? "with" : "without"} registers is recognised`, () => {
      const options = releasedOptions(name, { registers });
      assertEquals(resolveOptions(inferOptions(parameterShapes(options))), resolveOptions(options));
    });
  }
}

Deno.test("every architecture is recognised in every variant", () => {
  for (const architecture of Object.values(architectures)) {
    for (const ffnLayer of ["mlp", "swiglu"] as const) {
      const options = { ...architecture, ffnLayer, imgSize: 64, patchSize: 8, inChans: 1 };
      const shapes = parameterShapes({ ...options, initValues: 0, mlpRatio: 2.5 });
      assertEquals(parameterShapes(inferOptions(shapes)), shapes);
    }
  }
});

Deno.test("what is known goes before what is customary", () => {
  const shapes = parameterShapes({ ...architectures.vit_tiny, numRegisterTokens: 4 });
  const known = { numHeads: 6, interpolateOffset: 0.1, interpolateAntialias: false };
  const { numHeads, interpolateOffset, interpolateAntialias } = inferOptions(shapes, known);
  assertEquals({ numHeads, interpolateOffset, interpolateAntialias }, known);
});

Deno.test("what is known from elsewhere goes before what is guessed", () => {
  const shapes = parameterShapes({ ...architectures.vit_tiny, numRegisterTokens: 4 });
  const known = { numHeads: 6, interpolateOffset: 0.1, interpolateAntialias: false };
  const { numHeads, interpolateOffset, interpolateAntialias } = inferOptions(shapes, known);
  assertEquals({ numHeads, interpolateOffset, interpolateAntialias }, known);
  assertEquals(inferOptions(shapes).initValues, 1);
});

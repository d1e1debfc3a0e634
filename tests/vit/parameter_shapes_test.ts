import { assertEquals } from "@std/assert";
import { architectures } from "../../src/vit/architectures.ts";
import type { VisionTransformerOptions } from "../../src/vit/options.ts";
import { countParameters, parameterShapes } from "../../src/vit/parameter_shapes.ts";
import { VisionTransformer } from "../../src/vit/vision_transformer.ts";
import { testTensor } from "../helpers.ts";

const { vit_small, vit_base, vit_large, vit_giant2 } = architectures;

/** ViT-S, B and L with an MLP, ViT-g with SwiGLU, as the reference counts them. */
function assertCounts(options: VisionTransformerOptions, counts: number[]): void {
  const giant = { ...vit_giant2, ffnLayer: "swiglu" } as const;
  assertEquals(
    [vit_small, vit_base, vit_large, giant].map((size) => countParameters({ ...options, ...size })),
    counts,
  );
}

Deno.test("released models have the reference's parameter counts", () => {
  const released = { imgSize: 518, patchSize: 14 };
  assertCounts(released, [22_056_576, 86_580_480, 304_368_640, 1_136_480_768]);
  assertCounts(
    { ...released, numRegisterTokens: 4 },
    [22_058_112, 86_583_552, 304_372_736, 1_136_486_912],
  );
});

Deno.test("models for training from scratch have the reference's parameter counts", () => {
  assertCounts({ patchSize: 14 }, [21_629_184, 85_725_696, 303_228_928, 1_134_771_200]);
  assertCounts({ patchSize: 16 }, [21_675_264, 85_817_856, 303_351_808, 1_134_955_520]);
  assertEquals(countParameters({ ...vit_large, patchSize: 14, ffnLayer: "swiglu" }), 303_655_168);
});

Deno.test("state dictionaries have the reference's number of tensors", () => {
  const count = (options: VisionTransformerOptions) => Object.keys(parameterShapes(options)).length;
  assertEquals([vit_small, vit_base, vit_large, vit_giant2].map(count), [175, 175, 343, 567]);
  assertEquals(count({ ...vit_small, numRegisterTokens: 4 }), 176);
});

testTensor("the shapes are those of a model that is built, in the same order", () => {
  const variants: VisionTransformerOptions[] = [
    { ...architectures.vit_small, patchSize: 14 },
    { ...architectures.vit_nano, imgSize: 32, patchSize: 4, ffnLayer: "swiglufused" },
    { ...architectures.vit_micro, imgSize: 32, patchSize: 8, initValues: 0, numRegisterTokens: 3 },
    { ...architectures.vit_mini, imgSize: 64, patchSize: 8, inChans: 1, mlpRatio: 2.5 },
  ];
  for (const options of variants) {
    using vit = new VisionTransformer(options);
    const built = Array.from(vit.namedParameters(), ([name, value]) => [name, value.shape]);
    assertEquals(Object.entries(parameterShapes(options)), built);
  }
});

import { assertEquals } from "@std/assert";
import type { Tensor } from "../../src/tensor/tensor.ts";
import type { VisionTransformerOptions } from "../../src/vit/options.ts";
import { VisionTransformer } from "../../src/vit/vision_transformer.ts";
import { loadGolden } from "../golden.ts";
import { assertClose, testTensor } from "../helpers.ts";

const shape = { imgSize: 70, patchSize: 14, embedDim: 32, depth: 4, numHeads: 2 };
const models: Record<string, VisionTransformerOptions> = {
  vit_plain: shape,
  vit_reg4_swiglu: {
    ...shape,
    ffnLayer: "swiglu",
    numRegisterTokens: 4,
    interpolateAntialias: true,
    interpolateOffset: 0,
  },
};
const tolerance = { atol: 2e-5, rtol: 1e-5 };

for (const [name, options] of Object.entries(models)) {
  for (const size of ["70x70", "56x84", "98x98"]) {
    testTensor(`${name} gives the reference's features and taps for images of ${size}`, () => {
      const golden = loadGolden(name), inputs = loadGolden("vit_inputs");
      using vit = new VisionTransformer(options).eval();
      vit.loadStateDict(section(golden, "weights."));
      const images = inputs[`${size}.input`];
      const masks = inputs[`${size}.masks`].to({ dtype: "bool" });
      for (const [prefix, mask] of [["", undefined], ["masked.", masks]] as const) {
        const features = vit.forwardFeatures(images, { masks: mask });
        const expected = (key: string) => golden[`${size}.${prefix}${key}`];
        assertClose(features.xNormClstoken, expected("x_norm_clstoken"), tolerance);
        assertClose(features.xNormRegtokens, expected("x_norm_regtokens"), tolerance);
        assertClose(features.xNormPatchtokens, expected("x_norm_patchtokens"), tolerance);
        assertClose(features.xPrenorm, expected("x_prenorm"), tolerance);
      }
      const taps = vit.getIntermediateLayers(images, { n: [1, 3], reshape: true });
      for (const [i, block] of ["block1", "block3"].entries()) {
        const patches = golden[`${size}.${block}.patches`];
        assertEquals(taps[i].patches.shape, patches.shape);
        assertClose(taps[i].patches, patches, tolerance);
        assertClose(taps[i].cls, golden[`${size}.${block}.cls`], tolerance);
      }
    });
  }
}

function section(tensors: Record<string, Tensor>, prefix: string): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(tensors)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  );
}

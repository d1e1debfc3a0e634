import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  dropPathRates,
  resolveOptions,
  type VisionTransformerOptions,
} from "../../src/vit/options.ts";

Deno.test("options that do not go together are refused with the reason", () => {
  const refuse = (options: VisionTransformerOptions) =>
    assertThrows(() => resolveOptions(options), RangeError).message;
  assertEquals(
    refuse({ imgSize: 224, patchSize: 15 }),
    "Cannot cut images of 224 pixels into patches of 15: imgSize must be a multiple of patchSize",
  );
  assertEquals(
    refuse({ embedDim: 100, numHeads: 3 }),
    "Cannot split tokens of width 100 into 3 heads: embedDim must be a multiple of numHeads",
  );
  assertEquals(
    refuse({ depth: 0 }),
    "Cannot build a vision transformer with depth 0: it must be an integer of at least 1",
  );
  assertEquals(
    refuse({ dropPathRate: 1 }),
    "Cannot drop paths at rate 1: dropPathRate must be in [0, 1)",
  );
  assertEquals(
    refuse({ mlpRatio: Number.NaN }),
    "Cannot build feed-forward layers with mlpRatio NaN: it must be positive",
  );
  assertEquals(
    refuse({ ffnLayer: "gelu" as "mlp" }),
    'Cannot build the feed-forward layer "gelu": choose "mlp", "swiglu" or "swiglufused"',
  );
});

Deno.test("every block drops alike, or linearly more with depth", () => {
  const options = { depth: 4, dropPathRate: 0.3 };
  assertEquals(dropPathRates(resolveOptions(options)), [0.3, 0.3, 0.3, 0.3]);
  dropPathRates(resolveOptions({ ...options, dropPathUniform: false }))
    .forEach((rate, i) => assertAlmostEquals(rate, 0.1 * i));
  assertEquals(
    dropPathRates(resolveOptions({ depth: 1, dropPathRate: 0.3, dropPathUniform: false })),
    [0],
  );
});

Deno.test("what is not told is ViT-B/16 as the reference trains it", () => {
  assertEquals(resolveOptions({}), {
    ...{ imgSize: 224, patchSize: 16, inChans: 3, embedDim: 768, depth: 12, numHeads: 12 },
    ...{ mlpRatio: 4, ffnLayer: "mlp", initValues: 1e-5, numRegisterTokens: 0, seed: 0 },
    ...{ dropPathRate: 0, dropPathUniform: true },
    ...{ interpolateOffset: 0.1, interpolateAntialias: false },
  });
});

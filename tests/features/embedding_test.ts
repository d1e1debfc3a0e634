import { assertEquals } from "@std/assert";
import { normalizeImages } from "../../src/data/augment/normalize.ts";
import { tokenEmbedding } from "../../src/features/embedding.ts";
import { randint } from "../../src/tensor/random.ts";
import { VisionTransformer } from "../../src/vit/vision_transformer.ts";
import { assertClose, testTensor } from "../helpers.ts";

testTensor("features of each kind are those of the model's tokens", () => {
  using model = new VisionTransformer({
    embedDim: 16,
    depth: 1,
    numHeads: 2,
    imgSize: 32,
    patchSize: 8,
    numRegisterTokens: 2,
  }).eval();
  const images = randint({ high: 256 }, [2, 3, 24, 24]).to({ dtype: "uint8" });
  const { xNormClstoken, xNormPatchtokens } = model.forwardFeatures(normalizeImages(images));
  assertClose(tokenEmbedding({ model }, "cls")(images), xNormClstoken);
  assertClose(tokenEmbedding({ model }, "patch-mean")(images), xNormPatchtokens.mean(1));
  const grid = tokenEmbedding({ model }, "patch-grid")(images);
  assertEquals(grid.shape, [2, 16, 3, 3]);
  assertClose(grid.select(2, 1).select(2, 2), xNormPatchtokens.select(1, 5)); // row 1, column 2
});

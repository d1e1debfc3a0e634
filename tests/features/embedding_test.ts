import { assertEquals } from "@std/assert";
import { normalizeImages } from "../../src/data/augment/normalize.ts";
import { backboneEmbedding, pixelEmbedding, tokenEmbedding } from "../../src/features/embedding.ts";
import { randint } from "../../src/tensor/random.ts";
import { normalize, upsampleBicubic2d } from "../../src/nn/functional.ts";
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

const other = { mean: [0.1, 0.2, 0.3], std: [0.4, 0.5, 0.6] };

testTensor("a network sees images normalised by its own numbers, wider than high or not", () => {
  using model = new VisionTransformer({
    ...{ embedDim: 16, depth: 1, numHeads: 2, imgSize: 32, patchSize: 8 },
  }).eval();
  const images = randint({ high: 256 }, [2, 3, 16, 32]).to({ dtype: "uint8" });
  const backbone = { model, normalization: other };
  const right = model.forwardFeatures(normalizeImages(images, other));
  assertClose(tokenEmbedding(backbone, "cls")(images), right.xNormClstoken);
  assertClose(backboneEmbedding(backbone)(images), normalize(right.xNormClstoken));
  assertClose(tokenEmbedding(backbone, "patch-mean")(images), right.xNormPatchtokens.mean(1));
  const grid = tokenEmbedding(backbone, "patch-grid")(images);
  assertEquals(grid.shape, [2, 16, 2, 4]);
  assertClose(grid.flatten(2).transpose(1, 2), right.xNormPatchtokens);
});

testTensor(
  "pixels are normalised, those of sides above 32 shrunk without jagged edges, and of length 1",
  () => {
    const images = (side: number) =>
      randint({ high: 256 }, [2, 3, side, side]).to({ dtype: "uint8" });
    const whole = images(32);
    assertClose(pixelEmbedding()(whole), normalize(normalizeImages(whole).flatten(1)));
    assertClose(pixelEmbedding(other)(whole), normalize(normalizeImages(whole, other).flatten(1)));
    const larger = images(33);
    const small = upsampleBicubic2d(normalizeImages(larger), [32, 32], { antialias: true });
    assertClose(pixelEmbedding()(larger), normalize(small.flatten(1)));
  },
);

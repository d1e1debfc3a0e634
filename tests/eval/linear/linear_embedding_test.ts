import { assertEquals } from "@std/assert";
import { normalizeImages } from "../../../src/data/augment/normalize.ts";
import { inputColumns, linearEmbedding } from "../../../src/eval/linear/linear_embedding.ts";
import { noGrad } from "../../../src/autograd/mode.ts";
import { cat } from "../../../src/tensor/create.ts";
import { randint } from "../../../src/tensor/random.ts";
import { VisionTransformer } from "../../../src/vit/vision_transformer.ts";
import { assertClose, testTensor } from "../../helpers.ts";

testTensor(
  "inputs are class tokens from the oldest on, then the mean of the last patch tokens",
  () => {
    using model = new VisionTransformer({
      embedDim: 8,
      depth: 5,
      numHeads: 2,
      imgSize: 16,
      patchSize: 8,
      initValues: 1, // so that the tokens of one block differ from those of the next
    }).eval();
    noGrad(() => {
      const images = randint({ high: 256 }, [3, 3, 16, 16]);
      const features = linearEmbedding({ model })(images);
      assertEquals(features.shape, [3, 40]);
      const taps = model.getIntermediateLayers(normalizeImages(images), { n: 4 });
      const [a, b, c, d] = taps.map(({ cls }) => cls);
      const mean = taps[3].patches.mean(1);
      const input = (blocks: number, avgpool: boolean) =>
        inputColumns(features, { blocks, avgpool }, 8);
      assertClose(input(1, false), d);
      assertClose(input(1, true), cat([d, mean], 1));
      assertClose(input(4, false), cat([a, b, c, d], 1));
      assertClose(input(4, true), cat([a, b, c, d, mean], 1));
    });
  },
);

testTensor(
  "inputs are of images normalised by the network's own numbers, of all blocks where there are few",
  () => {
    using model = new VisionTransformer({
      ...{ embedDim: 8, depth: 2, numHeads: 2, imgSize: 16, patchSize: 8, initValues: 1 },
    }).eval();
    const normalization = { mean: [0.1, 0.2, 0.3], std: [0.4, 0.5, 0.6] };
    noGrad(() => {
      const images = randint({ high: 256 }, [3, 3, 16, 16]);
      const features = linearEmbedding({ model, normalization })(images);
      assertEquals(features.shape, [3, 24]);
      const seen = normalizeImages(images, normalization);
      const { xNormClstoken, xNormPatchtokens } = model.forwardFeatures(seen);
      const last = inputColumns(features, { blocks: 1, avgpool: true }, 8);
      assertClose(last, cat([xNormClstoken, xNormPatchtokens.mean(1)], 1));
    });
  },
);

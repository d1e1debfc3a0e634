import "../native.ts";
import { assertEquals, assertNotEquals } from "@std/assert";
import { join } from "@std/path";
import { noGradScope } from "../../src/autograd/mode.ts";
import { writeSafetensors } from "../../src/checkpoint/safetensors.ts";
import { decoderVersion } from "../../src/data/codec/decoder_version.ts";
import { linearEmbedding } from "../../src/eval/linear/linear_embedding.ts";
import {
  backboneEmbedding,
  type Embedding,
  type FrozenBackbone,
  pixelEmbedding,
  tokenEmbedding,
} from "../../src/features/embedding.ts";
import { EvaluationSet, type EvaluationSetOptions } from "../../src/features/evaluation_set.ts";
import { featureKey } from "../../src/features/feature_key.ts";
import { scope } from "../../src/tensor/scope.ts";
import type { VisionTransformerOptions } from "../../src/vit/options.ts";
import { VisionTransformer } from "../../src/vit/vision_transformer.ts";
import { testImages } from "../eval/labelled_images.ts";

function tinyModel(options: VisionTransformerOptions = {}): VisionTransformer {
  const sizes = { embedDim: 32, depth: 5, numHeads: 2, imgSize: 32, patchSize: 8 };
  return new VisionTransformer({ ...sizes, ...options }).eval();
}

testImages("everything that features depend on has a key of its own", async (folder) => {
  using model = tinyModel();
  using other = tinyModel({ numHeads: 4 }); // of weights of the same shapes
  const path = join(folder.root, "weights.safetensors");
  const save = () => scope(() => writeSafetensors(path, model.stateDict()));
  save();
  const backbone: FrozenBackbone = {
    ...{ model, path },
    normalization: { mean: [0.1, 0.2, 0.3], std: [0.4, 0.5, 0.6] },
  };
  const keyOf = (embed: Embedding, options: EvaluationSetOptions = {}) =>
    JSON.stringify(featureKey(embed, new EvaluationSet(folder, { imageSize: 24, ...options })));
  const cls = tokenEmbedding(backbone, "cls");
  const key = keyOf(cls);
  const { mean, std } = backbone.normalization!;
  const unnamed = { interpolation: "bilinear" } as EvaluationSetOptions; // whatever says how images are seen
  const others = {
    "length 1": keyOf(backboneEmbedding(backbone)),
    "mean of patches": keyOf(tokenEmbedding(backbone, "patch-mean")),
    "grid of patches": keyOf(tokenEmbedding(backbone, "patch-grid")),
    "inputs of linear classifiers": keyOf(linearEmbedding(backbone)),
    "image size": keyOf(cls, { imageSize: 16 }),
    "resize": keyOf(cls, { resize: 28 }),
    "another resize": keyOf(cls, { resize: 32 }),
    "anything else about the view": keyOf(cls, unnamed),
    "mean": keyOf(tokenEmbedding({ ...backbone, normalization: { mean: std, std } }, "cls")),
    "deviation": keyOf(
      tokenEmbedding({ ...backbone, normalization: { mean, std: mean } }, "cls"),
    ),
    "heads": keyOf(tokenEmbedding({ ...backbone, model: other }, "cls")),
  };
  const all = [key, ...Object.values(others)];
  assertEquals(new Set(all).size, all.length, "two of them share a key");
  assertEquals(key.includes(decoderVersion()), true);
  const speed = { workers: 2, batchSize: 3, maxBrokenFraction: 1, keepBytes: 0 };
  assertEquals(keyOf(cls, speed), key, "what only costs time or memory is the same");
  assertEquals(keyOf(cls, { resize: 24, channels: 3 }), key, "what is the default is the same");

  await Deno.writeTextFile(join(folder.root, folder.paths[3]), "no image");
  const changed = keyOf(cls);
  assertNotEquals(changed, key, "an image changed");
  noGradScope(() => void model.clsToken.add_(1));
  save();
  assertNotEquals(keyOf(cls), changed, "the weights changed");
});

testImages("the layers of an embedding are those whose tokens it takes", (folder) => {
  using model = tinyModel();
  using shallow = tinyModel({ depth: 2 });
  assertEquals(linearEmbedding({ model }).identity!.layers, [1, 2, 3, 4]);
  assertEquals(linearEmbedding({ model: shallow }).identity!.layers, [0, 1]);
  assertEquals(tokenEmbedding({ model }, "cls").identity!.layers, [4]);
  const set = new EvaluationSet(folder, { imageSize: 24 });
  assertEquals(featureKey(pixelEmbedding(), set), undefined, "pixels have no key");
  assertEquals(featureKey(backboneEmbedding({ model }), set), undefined, "nor weights of no file");
  return Promise.resolve();
});

testImages("of weights in several files each counts", (folder) => {
  using model = tinyModel();
  const index = join(folder.root, "model.safetensors.index.json");
  Deno.writeTextFileSync(index, JSON.stringify({ weight_map: { a: "1.bin", b: "2.bin" } }));
  const keyOf = () => {
    const embed = tokenEmbedding({ model, path: index }, "cls");
    return featureKey(embed, new EvaluationSet(folder))!.weights_sha256;
  };
  const keys = ["one", "two", "two"].map((content, i) => {
    Deno.writeTextFileSync(join(folder.root, "1.bin"), content);
    Deno.writeTextFileSync(join(folder.root, "2.bin"), i === 2 ? "three" : "one");
    return keyOf();
  });
  assertEquals(new Set(keys).size, 3);
  return Promise.resolve();
});

import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { noGrad, noGradScope } from "../../src/autograd/mode.ts";
import { backboneEmbedding, pixelEmbedding } from "../../src/features/embedding.ts";
import { EvaluationSet } from "../../src/features/evaluation_set.ts";
import { extractFeatures } from "../../src/features/extract_features.ts";
import { checkFiniteFeatures } from "../../src/features/finite_features.ts";
import { full, tensor } from "../../src/tensor/create.ts";
import { scope } from "../../src/tensor/scope.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";
import { VisionTransformer } from "../../src/vit/vision_transformer.ts";
import { testImages } from "../eval/labelled_images.ts";
import { testTensor } from "../helpers.ts";

function tinyModel(): VisionTransformer {
  const sizes = { embedDim: 32, depth: 2, numHeads: 2, imgSize: 32, patchSize: 8 };
  return new VisionTransformer(sizes).eval();
}

testTensor("finite features pass, others are refused", () => {
  checkFiniteFeatures(tensor([[0, -1e38], [3e38, 1]]));
  for (const value of [NaN, Infinity, -Infinity]) {
    assertThrows(
      () => checkFiniteFeatures(tensor([[0, 1], [value, 1]]), undefined, (i) => `image ${i}`),
      RangeError,
      "Cannot use the features of image 1",
    );
  }
});

testTensor("the first tensor of the weights that holds NaN is named with its file", () => {
  using model = tinyModel();
  noGrad(() => {
    model.blocks[1].attn.proj.bias!.narrow(0, 3, 1).fill_(NaN);
    model.norm.weight!.fill_(Infinity);
  });
  assertThrows(
    () => checkFiniteFeatures(full([1, 32], NaN), { model, path: "runs/a/teacher.safetensors" }),
    RangeError,
    "with runs/a/teacher.safetensors: its tensor blocks.1.attn.proj.bias holds NaN or infinity",
  );
});

testTensor("where all weights are finite the image is named", () => {
  using model = tinyModel();
  assertThrows(
    () => checkFiniteFeatures(tensor([[1], [NaN]]), { model, path: "w.pth" }, (i) => `${i}.png`),
    RangeError,
    "Cannot use the features of 1.png from w.pth: they exceed the range of float32",
  );
});

testImages("no feature that is not finite leaves a set or reaches a file", async (folder) => {
  using model = tinyModel();
  noGradScope(() => void model.patchEmbed.proj.bias!.fill_(NaN));
  using set = new EvaluationSet(folder, { imageSize: 32, batchSize: 16, workers: 1 });
  const embed = backboneEmbedding({ model });
  const message = "its tensor patch_embed.proj.bias holds NaN";
  await assertRejects(() => set.features(embed), RangeError, message);
  const path = join(folder.root, "f.npy");
  await assertRejects(() => extractFeatures(set, embed, path), RangeError, message);
  assertEquals([...Deno.readDirSync(folder.root)].filter(({ name }) => name.startsWith("f.")), []);
  const augmented = async () => {
    for await (const compute of set.augmented(embed)) scope(() => void compute());
  };
  await assertRejects(augmented, RangeError, message);
  const pixels = pixelEmbedding();
  const third = (images: Tensor) => {
    const features = pixels(images);
    features.narrow(0, 2, 1).fill_(NaN);
    return features;
  };
  await assertRejects(
    () => set.features(third),
    RangeError,
    `Cannot use the features of ${folder.root}/${folder.paths[2]}`,
  );
});

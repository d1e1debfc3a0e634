import { assertEquals, assertThrows } from "@std/assert";
import {
  depthBlocks,
  depthFeatures,
  padToPatches,
  segmentationFeatures,
} from "../../../src/eval/dense/dense_features.ts";
import { ones } from "../../../src/tensor/create.ts";
import { VisionTransformer } from "../../../src/vit/vision_transformer.ts";
import { assertClose, filled, testTensor } from "../../helpers.ts";

testTensor("zeros on both sides make whole patches, the odd one right and at the bottom", () => {
  const padded = padToPatches(ones([1, 1, 3, 4]), 7);
  assertEquals(padded.shape, [1, 1, 7, 7]);
  assertEquals(padded.sum([2]).toList(), [[[0, 3, 3, 3, 3, 0, 0]]]);
  assertEquals(padded.sum([3]).toList(), [[[0, 0, 4, 4, 4, 0, 0]]]);
  const [whole, official] = [
    padToPatches(ones([1, 1, 7, 14]), 7),
    padToPatches(ones([1, 1, 512, 512]), 14),
  ];
  assertEquals([whole.shape, official.shape], [[1, 1, 7, 14], [1, 1, 518, 518]]);
});

function vit(): VisionTransformer {
  const options = { embedDim: 8, depth: 4, numHeads: 2, imgSize: 8, patchSize: 4 };
  return new VisionTransformer({ ...options, numRegisterTokens: 2 }).eval();
}

testTensor("segmentation sees the last blocks after the final norm, oldest first", () => {
  using model = vit();
  const images = filled([2, 3, 8, 12], (k) => Math.sin(k), { dtype: "float32" });
  const features = segmentationFeatures(model, images, 2);
  assertEquals([features.shape, features.requiresGrad], [[2, 16, 2, 3], false]);
  const { xNormPatchtokens } = model.forwardFeatures(images);
  const last = features.narrow(1, 8, 8).flatten(2).transpose(1, 2); // [2, N, D]
  assertClose(last, xNormPatchtokens);
});

testTensor("depth sees tokens before the final norm, and the class token everywhere", () => {
  using model = vit();
  const images = filled([1, 3, 8, 8], (k) => Math.cos(k), { dtype: "float32" });
  const features = depthFeatures(model, images, [1, 3]);
  assertEquals(features.shape, [1, 32, 2, 2]);
  const { xPrenorm } = model.forwardFeatures(images); // [1, 1 + 2 + 4, D]
  const patches = features.narrow(1, 16, 8).flatten(2).transpose(1, 2);
  assertClose(patches, xPrenorm.narrow(1, 3, 4));
  const cls = features.narrow(1, 24, 8).flatten(2).transpose(1, 2);
  assertClose(cls, xPrenorm.narrow(1, 0, 1).expand([1, 4, 8]));
});

Deno.test("depth looks at the reference's blocks", () => {
  assertEquals(depthBlocks(12, 4), [2, 5, 8, 11]);
  assertEquals(depthBlocks(24, 4), [4, 11, 17, 23]);
  assertEquals(depthBlocks(40, 4), [9, 19, 29, 39]);
  assertEquals([depthBlocks(4, 4), depthBlocks(6, 1)], [[0, 1, 2, 3], [5]]);
  assertThrows(
    () => depthBlocks(3, 4),
    RangeError,
    "Cannot use the last 4 blocks of a backbone with 3",
  );
});

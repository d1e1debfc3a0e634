/**
 * Deino: self-supervised vision training for people who live in TypeScript.
 *
 * The names of the first hour. Everything else has its place in a sub-path: `@deino/deino/tensor`, `autograd`, `nn`, `vit`,
 * `config`, `optim`, `data`, `checkpoint`, `backbone`, `dino`, `features`, `eval`, `train` and `visualize`.
 *
 * @example A gradient
 * ```ts
 * import { scope, tensor } from "@deino/deino";
 *
 * const gradient = scope(() => {
 *   const x = tensor([[1, 2], [3, 4]]);
 *   x.requiresGrad = true;
 *   x.matmul(x).sum().backward();
 *   return x.grad!.toList();
 * });
 * console.log(gradient); // [[7, 11], [9, 13]]
 * ```
 *
 * @module
 */

// Tensors
export {
  arange,
  cat,
  chooseDevice,
  type Device,
  type DType,
  keep,
  manualSeed,
  ones,
  rand,
  randn,
  scope,
  stack,
  Tensor,
  tensor,
  zeros,
} from "./src/tensor/mod.ts";
export { autocast, grad, noGrad } from "./src/autograd/mod.ts";

// Networks
export { Linear, Module } from "./src/nn/mod.ts";
export { architectures, VisionTransformer } from "./src/vit/mod.ts";
export { AdamW } from "./src/optim/mod.ts";

// Training
export { type Config, loadSettings, presets, resolveConfig } from "./src/config/mod.ts";
export { type DecodedImage, decodeImage, type ImageFolder, openImages } from "./src/data/mod.ts";
export { Learner, makeBatch, train, type TrainOptions, trainStep } from "./src/train/mod.ts";

// Features
export { type Backbone, exportBackbone, loadBackbone } from "./src/backbone/mod.ts";
export { backboneEmbedding, EvaluationSet, extractFeatures } from "./src/features/mod.ts";
export { evaluateKnn, evaluateLinear } from "./src/eval/mod.ts";
export { attentionPictures, pcaPictures, writePictures } from "./src/visualize/mod.ts";

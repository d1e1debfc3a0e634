/**
 * Deino: self-supervised vision training for people who live in TypeScript.
 *
 * @example A gradient
 * ```ts
 * import { scope, tensor } from "./mod.ts";
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
export { type NestedNumbers } from "./src/tensor/print.ts";
export { type DType, type TypedArray } from "./src/tensor/dtype.ts";
export {
  allowTF32,
  cudaDevices,
  type Device,
  deviceMemory,
  emptyCache,
  resetPeakMemory,
  setThreads,
  synchronize,
  threads,
  useDeterministicAlgorithms,
} from "./src/tensor/device.ts";
export { type TensorBase } from "./src/tensor/base.ts";
export { type Arithmetic } from "./src/tensor/arithmetic.ts";
export {
  type AlongDim,
  type KeepDim,
  type Ordered,
  type Reductions,
} from "./src/tensor/reductions.ts";
export { type Shaping } from "./src/tensor/shaping.ts";
export { type InPlace, type RandomSource } from "./src/tensor/in_place.ts";
export { type Handle } from "./src/ffi/handle.ts";
export { Tensor } from "./src/tensor/tensor.ts";
export {
  arange,
  cat,
  type CreateOptions,
  empty,
  eye,
  full,
  linspace,
  ones,
  type RangeOptions,
  stack,
  tensor,
  type TensorData,
  where,
  zeros,
  zerosLike,
} from "./src/tensor/create.ts";
export {
  Generator,
  getRandomState,
  manualSeed,
  rand,
  randint,
  randn,
  type RandomOptions,
  randperm,
  setRandomState,
} from "./src/tensor/random.ts";
export { keep, liveTensors, Scope, scope } from "./src/tensor/scope.ts";
export { OutOfMemoryError } from "./src/ffi/errors.ts";

// Differentiation
export { autocast, type AutocastOptions } from "./src/autograd/autocast.ts";
export { grad, type GradOptions } from "./src/autograd/grad.ts";
export { enableGrad, isGradEnabled, noGrad } from "./src/autograd/mode.ts";

// Networks
export { Module, type ModuleToOptions } from "./src/nn/module.ts";
export { parameter } from "./src/nn/parameter.ts";
export { Linear, type LinearOptions } from "./src/nn/linear.ts";
export { LayerNorm } from "./src/nn/layer_norm.ts";
export { LayerScale } from "./src/nn/layer_scale.ts";
export { Mlp, type MlpOptions } from "./src/nn/mlp.ts";
export { SwiGlu, type SwiGluOptions } from "./src/nn/swiglu.ts";

// Vision transformers
export { type ArchitectureName, architectures } from "./src/vit/architectures.ts";
export { type VisionTransformerOptions } from "./src/vit/options.ts";
export { type Features, type IntermediateLayer } from "./src/vit/features.ts";
export {
  type ForwardFeaturesOptions,
  type IntermediateLayersOptions,
  VisionTransformer,
} from "./src/vit/vision_transformer.ts";

// The method
export { DinoHead, type DinoHeadOptions } from "./src/dino/head.ts";
export { Network, type NetworkOptions } from "./src/dino/network.ts";
export { type MaskBatch, maskBatch } from "./src/dino/mask_batch.ts";
export { type SampledMasks, sampleMasks } from "./src/dino/masking.ts";
export { type Config, type Settings } from "./src/config/schema.ts";
export { resolveConfig } from "./src/config/resolve.ts";
export { Learner, type LearnerOptions } from "./src/train/learner.ts";
export { type StepResult, type TrainingBatch, trainStep } from "./src/train/step.ts";

// Files
export { readSafetensors, writeSafetensors } from "./src/checkpoint/safetensors.ts";

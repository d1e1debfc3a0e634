/**
 * Modules that own parameters, and the operators of networks, as `torch.nn` and `torch.nn.functional`.
 *
 * @example A network of one's own: its fields are its parameters and its parts
 * ```ts
 * import { gelu, Linear, Module } from "@deino/deino/nn";
 * import { ones, scope, type Tensor } from "@deino/deino/tensor";
 *
 * class TwoLayers extends Module {
 *   readonly fc1 = new Linear(4, 8);
 *   readonly fc2 = new Linear(8, 2);
 *
 *   forward(x: Tensor): Tensor {
 *     return this.fc2.forward(gelu(this.fc1.forward(x)));
 *   }
 * }
 *
 * using model = new TwoLayers();
 * console.log(Object.keys(model.stateDict())); // fc1.weight, fc1.bias, fc2.weight, fc2.bias
 * console.log(scope(() => model.forward(ones([3, 4])).shape)); // [3, 2]
 * ```
 *
 * @module
 */

// Modules
export { Module, type ModuleToOptions, parameter } from "./module.ts";
export { hookModules, type ModuleCall, type ModuleHook } from "./hooks.ts";
export {
  fanInUniform,
  type FanInUniformOptions,
  truncNormal,
  type TruncNormalOptions,
  uninitialized,
} from "./init.ts";
export { Linear, type LinearOptions } from "./linear.ts";
export { LayerNorm } from "./layer_norm.ts";
export { LayerScale } from "./layer_scale.ts";
export { Mlp, type MlpOptions } from "./mlp.ts";
export { SwiGlu, type SwiGluOptions } from "./swiglu.ts";
export { BatchNorm } from "./batch_norm.ts";
export { PointwiseConv, type PointwiseConvOptions } from "./pointwise_conv.ts";
export { type Cost } from "./cost.ts";

// Operators
export {
  conv2d,
  type Conv2dOptions,
  gelu,
  gridSample,
  layerNorm,
  type LayerNormOptions,
  linear,
  logSoftmax,
  normalize,
  type NormalizeOptions,
  oneHot,
  type Padding2d,
  reflectionPad2d,
  type Sampling,
  scaledDotProductAttention,
  silu,
  softmax,
  upsampleBicubic2d,
  type UpsampleBicubic2dOptions,
  upsampleBilinear2d,
  weightNorm,
  zeroPad2d,
} from "./functional.ts";

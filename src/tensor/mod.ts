/**
 * Tensors of libtorch, with PyTorch's names in camelCase; the scopes that free them; devices.
 *
 * @example The tensors of a scope are freed at its end
 * ```ts
 * import { scope, tensor } from "@deino/deino/tensor";
 *
 * const norms = scope(() => tensor([[3, 4], [6, 8]]).norm({ dim: 1 }).toList());
 * console.log(norms); // [5, 10]
 * ```
 *
 * @module
 */

// Tensors
export { Tensor } from "./tensor.ts";
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
} from "./create.ts";
export { type DType, type TypedArray } from "./dtype.ts";
export { eigh } from "./eigh.ts";
export { type NestedNumbers } from "./print.ts";
export { type TensorBase } from "./base.ts";
export { type Arithmetic } from "./arithmetic.ts";
export { type AlongDim, type KeepDim, type Ordered, type Reductions } from "./reductions.ts";
export { type Shaping } from "./shaping.ts";
export { type InPlace, type RandomSource } from "./in_place.ts";
export { type Handle } from "../ffi/handle.ts";

// Random numbers
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
} from "./random.ts";

// Memory
export { keep, liveTensors, Scope, scope } from "./scope.ts";
export { type TensorOrigin, type TensorTrace, traceTensors } from "./trace.ts";
export { type AvailableMemory, hostMemory } from "./host_memory.ts";
export { OutOfMemoryError } from "../ffi/errors.ts";

// Profiles
export { recordFunction, startProfile, stopProfile } from "./profiler.ts";

// Devices
export {
  allowTF32,
  chooseDevice,
  cudaDevices,
  type Device,
  deviceMemory,
  emptyCache,
  getNumThreads,
  onDevice,
  resetPeakMemory,
  setNumThreads,
  synchronize,
  useDeterministicAlgorithms,
} from "./device.ts";

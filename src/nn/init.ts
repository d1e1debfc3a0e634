import * as ops from "../ffi/ops.gen.ts";
import { empty, tensor } from "../tensor/create.ts";
import type { Generator } from "../tensor/random.ts";
import { scope } from "../tensor/scope.ts";
import { Tensor } from "../tensor/tensor.ts";

let draws = true;

/**
 * Runs `body`, in which random initial weights are not drawn but left uninitialised. For networks whose
 * weights are read from a file, where drawing a billion numbers takes longer than reading them.
 *
 * @param body Builds a network.
 * @returns What `body` returns.
 */
export function uninitialized<T>(body: () => T): T {
  const before = draws;
  draws = false;
  try {
    return body();
  } finally {
    draws = before;
  }
}

/** Options of {@linkcode truncNormal}. */
export interface TruncNormalOptions {
  /** Standard deviation before truncation. Default: 0.02. */
  std?: number;
  /** Absolute bounds, not multiples of `std`. Default: [-2, 2], as in the reference. */
  bounds?: readonly [number, number];
  /** Where the numbers come from. Default: libtorch's global generator. */
  generator?: Generator;
}

/**
 * Draws from a normal distribution of mean 0 confined to an interval, by inverting its distribution
 * function.
 *
 * @param shape The shape to draw.
 * @param options Spread, bounds and source.
 * @returns A float32 tensor on the CPU, so that a seed gives the same weights for every device.
 */
export function truncNormal(shape: readonly number[], options: TruncNormalOptions = {}): Tensor {
  const { std = 0.02, bounds = [-2, 2], generator } = options;
  if (!draws) return empty(shape);
  const root = std * Math.SQRT2;
  return scope(() => {
    const edges = bounds.map((bound) => bound / root);
    const [from, to] = Tensor.wrap(ops.erf(tensor(edges, { dtype: "float64" }).handle)).toArray();
    const draw = empty(shape).uniform_({ from: Number(from), to: Number(to), generator });
    // Below 1 by an ulp: float32 uniforms do hit the end, where the inverse is infinite.
    draw.clamp_({ min: -1 + 2 ** -24, max: 1 - 2 ** -24 });
    ops.erfinv_(draw.handle);
    return draw.mul_(root).clamp_({ min: bounds[0], max: bounds[1] });
  });
}

/** Options of {@linkcode fanInUniform}. */
export interface FanInUniformOptions {
  /** Where the numbers come from. Default: libtorch's global generator. */
  generator?: Generator;
}

/**
 * Draws uniformly from ±1/√fanIn, which is PyTorch's default for the weights and biases of layers.
 *
 * @param shape The shape to draw.
 * @param fanIn Inputs that each output sums over.
 * @param options Source of the numbers.
 * @returns A float32 tensor on the CPU.
 */
export function fanInUniform(
  shape: readonly number[],
  fanIn: number,
  options: FanInUniformOptions = {},
): Tensor {
  if (!draws) return empty(shape);
  const bound = 1 / Math.sqrt(fanIn);
  return empty(shape).uniform_({ from: -bound, to: bound, generator: options.generator });
}

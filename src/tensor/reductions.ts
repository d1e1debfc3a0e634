import * as ops from "../ffi/ops.gen.ts";
import { Arithmetic } from "./arithmetic.ts";

/** Options of reductions. */
export interface KeepDim {
  /** Whether a reduced dimension stays, with length 1. Default: false. */
  keepdim?: boolean;
}

/** Options of operations along a dimension. */
export interface AlongDim {
  /** Which dimension to work along. Default: the last. */
  dim?: number;
}

/** Elements in order, and where in the original dimension each was (int64). */
export interface Ordered<T> {
  /** The elements. */
  values: T;
  /** Their places. */
  indices: T;
}

/** Operations that turn many elements into fewer, or look along a dimension. */
export abstract class Reductions extends Arithmetic {
  /** The sum over some dimensions, or over all. */
  sum(dim?: number | readonly number[], options: KeepDim = {}): this {
    if (dim === undefined) return this.wrap(ops.sum(this.handle));
    return this.wrap(ops.sumDimIntList(this.handle, list(dim), options.keepdim));
  }

  /** The mean over some dimensions, or over all. */
  mean(dim?: number | readonly number[], options: KeepDim = {}): this {
    if (dim === undefined) return this.wrap(ops.mean(this.handle));
    return this.wrap(ops.meanDim(this.handle, list(dim), options.keepdim));
  }

  /** The variance over some dimensions; `correction` is subtracted from the count. Default: 1. */
  variance(
    dim?: number | readonly number[],
    options: KeepDim & { correction?: number } = {},
  ): this {
    const dims = dim === undefined ? null : list(dim);
    return this.wrap(
      ops.varCorrection(this.handle, dims, options.correction ?? 1, options.keepdim),
    );
  }

  /** The standard deviation over some dimensions; `correction` is subtracted from the count. Default: 1. */
  std(dim?: number | readonly number[], options: KeepDim & { correction?: number } = {}): this {
    const dims = dim === undefined ? null : list(dim);
    return this.wrap(
      ops.stdCorrection(this.handle, dims, options.correction ?? 1, options.keepdim),
    );
  }

  /** The largest element of all. */
  max(): this {
    return this.wrap(ops.max(this.handle));
  }

  /** The smallest element of all. */
  min(): this {
    return this.wrap(ops.min(this.handle));
  }

  /** The largest elements over some dimensions. */
  amax(dim: number | readonly number[], options: KeepDim = {}): this {
    return this.wrap(ops.amax(this.handle, list(dim), options.keepdim));
  }

  /** The smallest elements over some dimensions. */
  amin(dim: number | readonly number[], options: KeepDim = {}): this {
    return this.wrap(ops.amin(this.handle, list(dim), options.keepdim));
  }

  /** Where the largest element lies along a dimension, or in the flattened tensor. int64. */
  argmax(dim?: number, options: KeepDim = {}): this {
    return this.wrap(ops.argmax(this.handle, dim ?? null, options.keepdim));
  }

  /** Where the smallest element lies along a dimension, or in the flattened tensor. int64. */
  argmin(dim?: number, options: KeepDim = {}): this {
    return this.wrap(ops.argmin(this.handle, dim ?? null, options.keepdim));
  }

  /** The Euclidean length over some dimensions, or of the whole. */
  norm(options: KeepDim & { dim?: number | readonly number[] } = {}): this {
    const dims = options.dim === undefined ? null : list(options.dim);
    return this.wrap(ops.linalgVectorNorm(this.handle, 2, dims, options.keepdim));
  }

  /** Whether any element is true or not zero, along a dimension or at all. */
  any(dim?: number, options: KeepDim = {}): this {
    return this.wrap(
      dim === undefined ? ops.any(this.handle) : ops.anyDim(this.handle, dim, options.keepdim),
    );
  }

  /** Whether all elements are true or not zero, along a dimension or at all. */
  all(dim?: number, options: KeepDim = {}): this {
    return this.wrap(
      dim === undefined ? ops.all(this.handle) : ops.allDim(this.handle, dim, options.keepdim),
    );
  }

  /** The running sum along a dimension. */
  cumsum(dim: number): this {
    return this.wrap(ops.cumsum(this.handle, dim));
  }

  /** The `k` largest elements along a dimension, in falling order, and where they were (int64). */
  topk(k: number, options: AlongDim = {}): Ordered<this> {
    return this.#pair(ops.topk(this.handle, k, options.dim ?? -1));
  }

  /** The elements in order along a dimension, and where they were (int64). */
  sort(options: AlongDim & { descending?: boolean } = {}): Ordered<this> {
    return this.#pair(ops.sort(this.handle, options.dim ?? -1, options.descending));
  }

  /** The indices of all elements that are true or not zero, `[n, dimensions]` (int64). Waits for the device. */
  nonzero(): this {
    return this.wrap(ops.nonzero(this.handle));
  }

  /** How often each whole number from 0 stands in `[n]` (int64), up to the largest and at least `minlength` of them. */
  bincount(minlength = 0): this {
    return this.wrap(ops.bincount(this.handle, undefined, minlength));
  }

  /** Exponentials that sum to one along a dimension. */
  softmax(dim: number): this {
    return this.wrap(ops.softmaxInt(this.handle, dim));
  }

  /** The logarithm of the softmax along a dimension, computed without overflow. */
  logSoftmax(dim: number): this {
    return this.wrap(ops.logSoftmaxInt(this.handle, dim));
  }

  #pair([values, indices]: ReturnType<typeof ops.topk>): Ordered<this> {
    return { values: this.wrap(values), indices: this.wrap(indices) };
  }
}

function list(dim: number | readonly number[]): readonly number[] {
  return typeof dim === "number" ? [dim] : dim;
}

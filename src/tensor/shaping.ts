import * as ops from "../ffi/ops.gen.ts";
import { Reductions } from "./reductions.ts";

/** Operations that choose or rearrange elements. Where PyTorch returns a view, so do these. */
export abstract class Shaping extends Reductions {
  /** The same elements in another shape; one length may be -1, to be worked out. */
  reshape(shape: readonly number[]): this {
    return this.wrap(ops.reshape(this.handle, shape));
  }

  /** The dimensions in another order. */
  permute(dims: readonly number[]): this {
    return this.wrap(ops.permute(this.handle, dims));
  }

  /** Two dimensions exchanged. */
  transpose(a: number, b: number): this {
    return this.wrap(ops.transposeInt(this.handle, a, b));
  }

  /** A matrix transposed. */
  t(): this {
    return this.wrap(ops.t(this.handle));
  }

  /** The dimensions from `start` to `end`, inclusive, run together. Default: all. */
  flatten(start = 0, end = -1): this {
    return this.wrap(ops.flattenUsingInts(this.handle, start, end));
  }

  /** Without a dimension of length 1. */
  squeeze(dim: number): this {
    return this.wrap(ops.squeezeDim(this.handle, dim));
  }

  /** With a new dimension of length 1. */
  unsqueeze(dim: number): this {
    return this.wrap(ops.unsqueeze(this.handle, dim));
  }

  /** Dimensions of length 1 repeated without copying; -1 leaves a length as it is. */
  expand(shape: readonly number[]): this {
    return this.wrap(ops.expand(this.handle, shape));
  }

  /** The tensor repeated along each dimension. */
  repeat(repeats: readonly number[]): this {
    return this.wrap(ops.repeat(this.handle, repeats));
  }

  /** `length` elements from `start` along a dimension. */
  narrow(dim: number, start: number, length: number): this {
    return this.wrap(ops.narrow(this.handle, dim, start, length));
  }

  /** The elements from `start` to before `end` along a dimension, every `step`-th. Negative counts from the end. */
  slice(dim: number, start?: number, end?: number, step = 1): this {
    return this.wrap(ops.sliceTensor(this.handle, dim, start ?? null, end ?? null, step));
  }

  /** One index of a dimension, which disappears. */
  select(dim: number, index: number): this {
    return this.wrap(ops.selectInt(this.handle, dim, index));
  }

  /** The indices of a dimension that `index` (int64, `[n]`) lists, in its order. */
  indexSelect(dim: number, index: this): this {
    return this.wrap(ops.indexSelect(this.handle, dim, index.handle));
  }

  /** A copy to which `alpha * source` is added at the indices of a dimension that `index` lists. */
  indexAdd(dim: number, index: this, source: this, options: { alpha?: number } = {}): this {
    return this.wrap(
      ops.indexAdd(this.handle, dim, index.handle, source.handle, options.alpha),
    );
  }

  /** One element per element of `index` (int64), taken along a dimension. */
  gather(dim: number, index: this): this {
    return this.wrap(ops.gather(this.handle, dim, index.handle));
  }

  /** At most `count` pieces of equal length along a dimension; the last may be shorter. */
  chunk(count: number, dim = 0): this[] {
    return ops.chunk(this.handle, count, dim).map((piece) => this.wrap(piece));
  }

  /** Pieces of the given lengths along a dimension. */
  split(lengths: readonly number[], dim = 0): this[] {
    return ops.splitWithSizes(this.handle, lengths, dim).map((piece) => this.wrap(piece));
  }

  /** One tensor per index of a dimension, which disappears. */
  unbind(dim = 0): this[] {
    return ops.unbindInt(this.handle, dim).map((piece) => this.wrap(piece));
  }

  /** The order of the elements along some dimensions reversed. */
  flip(dims: readonly number[]): this {
    return this.wrap(ops.flip(this.handle, dims));
  }

  /** The elements moved along some dimensions, those that fall off coming back at the other end. */
  roll(shifts: readonly number[], dims: readonly number[]): this {
    return this.wrap(ops.roll(this.handle, shifts, dims));
  }

  /** The tensor laid out row by row in memory; itself when it already is. */
  contiguous(): this {
    return this.wrap(ops.contiguous(this.handle));
  }
}

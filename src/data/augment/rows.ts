import { tensor } from "../../tensor/create.ts";
import type { Device } from "../../tensor/device.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** Which images of a batch a transform changes, with a number for each. */
interface Rows {
  /** Places in the batch, `[m]`, int64. */
  readonly index: Tensor;
  /** The strength for each, `[m, 1, 1, 1]`. */
  readonly value: Tensor;
  /** m. */
  readonly count: number;
}

/** Uploads several selections of images at once. `values` are by place in the selection. */
export function uploadRows(
  selections: readonly { readonly index: readonly number[]; readonly value: readonly number[] }[],
  device: Device,
): Rows[] {
  const counts = selections.map(({ index }) => index.length);
  const indices = BigInt64Array.from(selections.flatMap(({ index }) => index), BigInt);
  const values = Float32Array.from(selections.flatMap(({ value }) => value));
  const index = tensor(indices, { device }).split(counts);
  const value = tensor(values, { shape: [values.length, 1, 1, 1], device }).split(counts);
  return counts.map((count, i) => ({ index: index[i], value: value[i], count }));
}

/** Replaces the chosen images of a batch by what `transform` makes of them. Writes into `images`. */
export function changeRows(
  images: Tensor,
  rows: Rows,
  transform: (images: Tensor, value: Tensor) => Tensor,
): void {
  if (rows.count === 0) return;
  const chosen = images.indexSelect(0, rows.index);
  images.indexCopy_(0, rows.index, transform(chosen, rows.value));
}

import { full } from "../tensor/create.ts";
import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { MAX_PIXELS } from "../data/image.ts";

const WHITE = 255;
/** White pixels between pictures and around them. */
const GAP = 6;

/**
 * Lays pictures out on white, row by row, each row as high as its highest picture.
 *
 * @param rows Pictures `[3, H, W]`, uint8, of any sizes.
 * @returns `[3, H, W]`, uint8.
 * @throws {RangeError} If the sheet would have more pixels than Deino itself reads.
 */
export function contactSheet(rows: readonly (readonly Tensor[])[]): Tensor {
  const heights = rows.map((row) => Math.max(...row.map(({ shape }) => shape[1])));
  const widths = rows.map((row) => row.reduce((sum, { shape }) => sum + shape[2] + GAP, GAP));
  const height = heights.reduce((sum, rowHeight) => sum + rowHeight + GAP, GAP);
  const width = Math.max(...widths);
  if (width * height > MAX_PIXELS) {
    throw new RangeError(
      `Cannot draw a contact sheet of ${width} x ${height} pixels: show fewer or smaller images`,
    );
  }
  return scope(() => {
    const whole = full([3, height, width], WHITE, { dtype: "uint8" });
    let top = GAP;
    for (const [i, row] of rows.entries()) {
      let left = GAP;
      for (const picture of row) {
        const [, rowsOfIt, columns] = picture.shape;
        whole.narrow(1, top, rowsOfIt).narrow(2, left, columns).copy_(picture);
        left += columns + GAP;
      }
      top += heights[i] + GAP;
    }
    return whole;
  });
}

/**
 * Undoes the prediction of a row of a PNG from its left and upper neighbours, in place.
 *
 * Source: PNG specification, third edition, section 9.
 *
 * @param filter How it was predicted: 0 not at all, 1 left, 2 above, 3 their mean, 4 Paeth's.
 * @param row The row.
 * @param above The row above it, undone; zeros above the first.
 * @param step Bytes of a pixel, at least 1.
 * @throws {Error} If the filter is unknown.
 */
export function unfilter(
  filter: number,
  row: Uint8Array,
  above: Uint8Array,
  step: number,
): void {
  if (filter === 0) return;
  const undo = UNDO[filter];
  if (undo === undefined) throw new Error(`the PNG is damaged (filter ${filter})`);
  undo(row, above, step);
}

type Undo = (row: Uint8Array, above: Uint8Array, step: number) => void;

const UNDO: Readonly<Record<number, Undo>> = {
  1: (row, _, step) => {
    for (let i = step; i < row.length; i++) row[i] += row[i - step];
  },
  2: (row, above) => {
    for (let i = 0; i < row.length; i++) row[i] += above[i];
  },
  3: (row, above, step) => {
    for (let i = 0; i < step && i < row.length; i++) row[i] += above[i] >> 1;
    for (let i = step; i < row.length; i++) row[i] += (row[i - step] + above[i]) >> 1;
  },
  4: (row, above, step) => {
    for (let i = 0; i < step && i < row.length; i++) row[i] += above[i];
    for (let i = step; i < row.length; i++) {
      row[i] += paeth(row[i - step], above[i], above[i - step]);
    }
  },
};

/** Whichever of the three is nearest to `left + above - corner`. */
function paeth(left: number, above: number, corner: number): number {
  const toLeft = Math.abs(above - corner);
  const toAbove = Math.abs(left - corner);
  const toCorner = Math.abs(left + above - 2 * corner);
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}

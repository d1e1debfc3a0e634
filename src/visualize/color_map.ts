import { tensor } from "../tensor/create.ts";
import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";

/**
 * Colours at even distances, from the least value to the greatest: night blue, purple, red, orange, pale yellow.
 * Lightness rises all the way, so that the map also reads without colours.
 */
const STOPS: readonly (readonly [red: number, green: number, blue: number])[] = [
  [6, 6, 32],
  [44, 16, 92],
  [96, 24, 122],
  [148, 38, 114],
  [200, 58, 82],
  [234, 96, 48],
  [248, 148, 32],
  [252, 206, 72],
  [254, 252, 196],
];
const ENTRIES = 256;

/**
 * Shows numbers as colours.
 *
 * @param values `[H, W]`, from 0 to 1; what lies outside takes the colour of the nearer end.
 * @returns `[3, H, W]`, uint8, on the CPU.
 */
export function colorize(values: Tensor): Tensor {
  const [rows, columns] = values.shape;
  return scope(() => {
    const entries = values.to({ device: "cpu" }).mul(ENTRIES - 1).round()
      .clamp({ min: 0, max: ENTRIES - 1 }).to({ dtype: "int64" });
    return tensor(table, { shape: [ENTRIES, 3] })
      .indexSelect(0, entries.reshape([-1])) // [H W, 3]
      .t().reshape([3, rows, columns]);
  });
}

const table = Uint8Array.from({ length: 3 * ENTRIES }, (_, i) => {
  const place = Math.floor(i / 3) / (ENTRIES - 1) * (STOPS.length - 1);
  const below = Math.min(Math.floor(place), STOPS.length - 2);
  const [from, to] = [STOPS[below][i % 3], STOPS[below + 1][i % 3]];
  return Math.round(from + (place - below) * (to - from));
});

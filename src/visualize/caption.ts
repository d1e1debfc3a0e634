import { cat, full, tensor } from "../tensor/create.ts";
import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { magnify } from "./magnify.ts";

/** Digits of three columns and five rows: a row is a number whose bits, from 4 to 1, are ink. */
const GLYPHS: Readonly<Record<string, readonly number[]>> = {
  "0": [7, 5, 5, 5, 7],
  "1": [2, 6, 2, 2, 7],
  "2": [7, 1, 7, 4, 7],
  "3": [7, 1, 3, 1, 7],
  "4": [5, 5, 7, 1, 1],
  "5": [7, 4, 7, 1, 7],
  "6": [7, 4, 7, 5, 7],
  "7": [7, 1, 1, 2, 2],
  "8": [7, 5, 7, 5, 7],
  "9": [7, 5, 7, 1, 7],
  "-": [0, 0, 7, 0, 0],
  ".": [0, 0, 0, 0, 2],
};
const ROWS = 5, ADVANCE = 4;
/** Pixels to a dot of a glyph. */
const DOT = 2;
const WHITE = 255;

/**
 * Puts a number under a picture.
 *
 * @param picture `[3, H, W]`, uint8.
 * @param value The number; two decimals are shown.
 * @returns `[3, H + 14, W]`, uint8.
 */
export function captioned(picture: Tensor, value: number): Tensor {
  const [, , width] = picture.shape;
  return scope(() => {
    const ink = drawText(value.toFixed(2)); // [1, 5 DOT, columns]
    const strip = full([3, ROWS * DOT + 4, width], WHITE, { dtype: "uint8" });
    const columns = Math.min(width, ink.shape[2]);
    strip.narrow(1, 4, ROWS * DOT).narrow(2, 0, columns).copy_(ink.narrow(2, 0, columns));
    return cat([picture, strip], 1);
  });
}

/** Black on white, `[1, rows, columns]`. */
function drawText(text: string): Tensor {
  const columns = text.length * ADVANCE;
  const dots = Uint8Array.from({ length: ROWS * columns }, (_, i) => {
    const row = Math.floor(i / columns), column = i % columns;
    const bits = GLYPHS[text[Math.floor(column / ADVANCE)]][row];
    return (bits << column % ADVANCE) & 4 ? 0 : WHITE; // the fourth column stays white
  });
  return magnify(tensor(dots, { shape: [1, ROWS, columns] }), DOT);
}

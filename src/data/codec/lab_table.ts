/**
 * CIE L*a*b* to sRGB by a table, as LittleCMS does for Pillow, to one gray level. Between the table's points colours are up to
 * 54 levels from those of the formula.
 *
 * Source: `cmsopt.c`, `cmsintrp.c` and `cmspack.c` of LittleCMS.
 *
 * @module
 */

/** Points of the table along each axis, and the distances from one to the next. */
const POINTS = 33;
const STEPS = [3 * POINTS * POINTS, 3 * POINTS, 3] as const;

/** From linear XYZ of the white point D50 to linear sRGB, adapted by Bradford's matrix. */
const D50_TO_SRGB = [
  [3.1338561, -1.6168667, -0.4906146],
  [-0.9787684, 1.9161415, 0.0334540],
  [0.0719453, -0.2289914, 1.4052427],
];
const D50 = [0.9642, 1, 0.8249];

let table: Uint16Array | undefined;

/**
 * Turns L* from 0 to 255, a* and b* with 128 as their zero, to sRGB.
 *
 * @param samples Where they lie, from `at` on.
 * @param rgb Where red, green and blue go, from `to` on.
 */
export function turnLab(
  samples: Uint8Array,
  at: number,
  rgb: Uint8Array | Uint8ClampedArray,
  to: number,
): void {
  table ??= makeTable();
  let cell = 0;
  for (let c = 0; c < 3; c++) {
    const place = 257 * samples[at + c] * (POINTS - 1);
    const fixed = place + Math.floor((place + 0x7fff) / 0xffff); // 16 bits behind the point
    cell += (fixed >> 16) * STEPS[c];
    shares[c] = fixed & 0xffff;
    steps[c] = samples[at + c] === 255 ? 0 : STEPS[c];
  }
  // Along the axis first of which most of the way to the next point is gone.
  order(0, 1);
  order(1, 2);
  order(0, 1);
  for (let c = 0; c < 3; c++) {
    let sum = 0x8001;
    let from = cell + c;
    for (let i = 0; i < 3; i++) {
      sum += (table[from + steps[i]] - table[from]) * shares[i];
      from += steps[i];
    }
    const value = table[cell + c] + Math.floor((sum + Math.floor(sum / 0x10000)) / 0x10000);
    rgb[to + c] = (value * 65281 + 0x800000) >>> 24;
  }
}

/** How much of the way to the next point along each axis, and the distance of that point. */
const shares = [0, 0, 0], steps = [0, 0, 0];

function order(i: number, j: number): void {
  if (shares[i] >= shares[j]) return;
  [shares[i], shares[j]] = [shares[j], shares[i]];
  [steps[i], steps[j]] = [steps[j], steps[i]];
}

/** sRGB of 16 bits at every point. */
function makeTable(): Uint16Array {
  const values = new Uint16Array(3 * POINTS ** 3);
  const places = Array.from({ length: POINTS }, (_, i) => Math.round(65535 * i / (POINTS - 1)));
  let to = 0;
  for (const l of places) {
    for (const a of places) {
      for (const b of places) {
        for (const light of toSrgb(100 * l / 65535, a / 257 - 128, b / 257 - 128)) {
          values[to++] = Math.round(65535 * light);
        }
      }
    }
  }
  return values;
}

/** sRGB from 0 to 1 of L*, a* and b*. */
function toSrgb(l: number, a: number, b: number): number[] {
  const y = (l + 16) / 116;
  const xyz = [y + a / 500, y, y - b / 200].map((v, i) =>
    D50[i] * (v > 6 / 29 ? v ** 3 : 3 * (6 / 29) ** 2 * (v - 4 / 29))
  );
  return D50_TO_SRGB.map((row) => {
    const linear = Math.max(0, row[0] * xyz[0] + row[1] * xyz[1] + row[2] * xyz[2]);
    const light = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
    return Math.min(1, light);
  });
}

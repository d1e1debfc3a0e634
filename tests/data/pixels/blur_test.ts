import "../../native.ts";
import { assertEquals } from "@std/assert";
import { makeCrops } from "../../../src/data/pixels/crops.ts";
import { Stream } from "../../../src/random/stream.ts";

const RADIUS = 4;
const SIDE = 256;

/** The Gaussian's weights at distances from 0, in float32 as torchvision computes them. */
function gaussian(sigma: number): number[] {
  const distances = Array.from({ length: 2 * RADIUS + 1 }, (_, i) => Math.abs(i - RADIUS));
  const values = distances.map((distance) => {
    const far = Math.fround(distance / Math.fround(sigma));
    return Math.fround(Math.exp(Math.fround(-0.5 * Math.fround(far * far))));
  });
  // The last one first, as the native code adds them.
  const sum = [values[2 * RADIUS], ...values.slice(0, -1)].reduce((sum, value) =>
    Math.fround(sum + value)
  );
  return values.map((value) => Math.fround(value / sum));
}

/** A plane as torchvision's convolution of 9 x 9 pixels sums it: row by row, each product added by one rounding. */
function blurred(plane: Uint8Array, size: number, sigma: number): Uint8Array {
  const weights = gaussian(sigma);
  const mirrored = (at: number): number =>
    at < 0 ? mirrored(-at) : at < size ? at : size === 1 ? 0 : mirrored(2 * (size - 1) - at);
  const far = Array.from({ length: 2 * RADIUS + 1 }, (_, i) => i - RADIUS);
  return plane.map((_, at) => {
    let sum = 0;
    for (const dy of far) {
      const row = mirrored(Math.floor(at / size) + dy) * size;
      for (const dx of far) {
        const product = Math.fround(weights[dy + RADIUS] * weights[dx + RADIUS]);
        sum = Math.fround(sum + plane[row + mirrored(at % size + dx)] * product);
      }
    }
    const whole = Math.floor(sum);
    return sum - whole === 0.5 ? whole + whole % 2 : Math.round(sum);
  });
}

/** How many bytes of blurred crops, cut side by side out of noise, are not those of the formula. */
function differences(size: number, sigma: number): number {
  const stream = new Stream(7, "blur");
  const plane = Uint8Array.from({ length: SIDE ** 2 }, () => stream.integer(128, 255));
  const pixels = Uint8Array.from({ length: 3 * SIDE ** 2 }, (_, i) => plane[Math.floor(i / 3)]);
  const calm = { flip: false, jitter: null, grayscale: false, solarize: false };
  const count = Math.min(Math.floor(SIDE / size), 32);
  const crops = Array.from({ length: count ** 2 }, (_, i) => {
    const box = {
      top: size * Math.floor(i / count),
      left: size * (i % count),
      height: size,
      width: size,
    };
    return { draw: { ...calm, box, sigma }, size, offset: 3 * size ** 2 * i };
  });
  const values = new Float32Array(3 * size ** 2 * crops.length);
  const image = { width: SIDE, height: SIDE, pixels };
  makeCrops(image, crops, { mean: [0, 0, 0], std: [1, 1, 1] }, values);
  return crops.reduce((sum, { draw: { box }, offset }) => {
    const cut = Uint8Array.from(
      { length: size ** 2 },
      (_, i) => plane[(box.top + Math.floor(i / size)) * SIDE + box.left + i % size],
    );
    return sum + blurred(cut, size, sigma).filter((byte, i) => byte !== values[offset + i]).length;
  }, 0);
}

Deno.test("sums near a half are rounded as torchvision's order of adding rounds them, at the ends of rows too", () => {
  for (const size of [SIDE, 13]) {
    for (const sigma of [0.8, 1, 1.5, 2]) {
      assertEquals(differences(size, sigma), 0, `bytes that differ at ${size} and ${sigma}`);
    }
  }
});

Deno.test("crops that are smaller than the kernel are mirrored until it is filled", () => {
  for (const size of [1, 2, 3, 4, 5]) {
    assertEquals(differences(size, 2), 0, `bytes that differ at ${size}`);
  }
});

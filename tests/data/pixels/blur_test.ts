import "../../native.ts";
import { assertEquals } from "@std/assert";
import { makeCrops } from "../../../src/data/pixels/crops.ts";
import { Stream } from "../../../src/random/stream.ts";

const RADIUS = 4;
const SIZE = 256;

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
function blurred(plane: Uint8Array, sigma: number): Uint8Array {
  const weights = gaussian(sigma);
  const mirrored = (at: number) => at < 0 ? -at : at < SIZE ? at : 2 * (SIZE - 1) - at;
  const far = Array.from({ length: 2 * RADIUS + 1 }, (_, i) => i - RADIUS);
  return plane.map((_, at) => {
    let sum = 0;
    for (const dy of far) {
      const row = mirrored(Math.floor(at / SIZE) + dy) * SIZE;
      for (const dx of far) {
        const product = Math.fround(weights[dy + RADIUS] * weights[dx + RADIUS]);
        sum = Math.fround(sum + plane[row + mirrored(at % SIZE + dx)] * product);
      }
    }
    const whole = Math.floor(sum);
    return sum - whole === 0.5 ? whole + whole % 2 : Math.round(sum);
  });
}

Deno.test("sums near a half are rounded as torchvision's order of adding rounds them", () => {
  const stream = new Stream(7, "blur");
  const plane = Uint8Array.from({ length: SIZE ** 2 }, () => stream.integer(128, 255));
  const image = {
    ...{ width: SIZE, height: SIZE },
    pixels: Uint8Array.from({ length: 3 * SIZE ** 2 }, (_, i) => plane[Math.floor(i / 3)]),
  };
  const calm = { flip: false, jitter: null, grayscale: false, solarize: false };
  const box = { top: 0, left: 0, height: SIZE, width: SIZE };
  let different = 0;
  for (const sigma of [0.8, 1, 1.5, 2]) {
    const values = new Float32Array(3 * SIZE ** 2);
    const crop = { draw: { ...calm, box, sigma }, size: SIZE, offset: 0 };
    makeCrops(image, [crop], { mean: [0, 0, 0], std: [1, 1, 1] }, values);
    different += blurred(plane, sigma).filter((byte, i) => byte !== values[i]).length;
  }
  assertEquals(different, 0, "bytes that differ");
});

import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  distortColours,
  drawDistortion,
} from "../../../src/data/augment/photometric_distortion.ts";
import { Stream } from "../../../src/random/stream.ts";
import { tensor } from "../../../src/tensor/create.ts";
import { assertClose, testTensor } from "../../helpers.ts";

const none = {
  brightness: null,
  contrast: null,
  isContrastFirst: true,
  saturation: null,
  hue: null,
};
const pixel = (...rgb: number[]) => tensor(rgb, { shape: [1, 3, 1, 1] });

testTensor("each property changes as its name says, in whole numbers within the bytes", () => {
  const image = pixel(200, 100, 50);
  const changed = (draw: Partial<typeof none> | Record<string, number | boolean>) =>
    distortColours(image, { ...none, ...draw });
  assertClose(changed({}), [200, 100, 50]);
  assertClose(changed({ brightness: 60.5 }), [255, 160, 110]);
  assertClose(changed({ brightness: -60 }), [140, 40, 0]);
  assertClose(changed({ contrast: 0.505 }), [101, 50, 25]);
  assertClose(changed({ saturation: 0.5 }), [200, 150, 125], { atol: 1, rtol: 0 });
  assertClose(changed({ hue: 120 }), [50, 200, 100], { atol: 2, rtol: 0 });
  assertClose(image, [200, 100, 50]);
});

testTensor("contrast comes before or after the colours", () => {
  const changed = (isContrastFirst: boolean) =>
    distortColours(pixel(200, 100, 50), { ...none, contrast: 1.5, saturation: 0, isContrastFirst });
  assertClose(changed(true), [255, 255, 255]);
  assertClose(
    distortColours(pixel(100, 80, 0), {
      ...none,
      contrast: 1.5,
      saturation: 0,
      isContrastFirst: false,
    }),
    [150, 150, 150],
  );
  assertClose(changed(false), [255, 255, 255]);
});

Deno.test("each property is left alone half the time, and drawn evenly from the whole of its range", () => {
  const draws = Array.from({ length: 4000 }, (_, i) => drawDistortion(new Stream(0, i)));
  const ranges = {
    brightness: [-32, 32],
    contrast: [0.5, 1.5],
    saturation: [0.5, 1.5],
    hue: [-36, 36],
  };
  for (const [name, [low, high]] of Object.entries(ranges)) {
    const values = draws.map((draw) => draw[name as keyof typeof ranges])
      .filter((value) => value !== null);
    const near = 0.01 * (high - low);
    assertAlmostEquals(values.length / 4000, 0.5, 0.03);
    assert(values.every((value) => value >= low && value < high));
    assertAlmostEquals(Math.min(...values), low, near);
    assertAlmostEquals(Math.max(...values), high, near);
    assertAlmostEquals(values.reduce((a, b) => a + b) / values.length, (low + high) / 2, 3 * near);
  }
  assertAlmostEquals(draws.filter((draw) => draw.isContrastFirst).length / 4000, 0.5, 0.03);
  assertEquals(drawDistortion(new Stream(0, 1)), drawDistortion(new Stream(0, 1)));
});

import { assert, assertEquals, assertThrows } from "@std/assert";
import type { CropBox } from "../../../src/data/augment/crop_box.ts";
import { loadImage, loadJpeg, makeCrops, makeLoadedCrops } from "../../../src/data/pixels/crops.ts";
import { decoderOf } from "../../../src/data/pixels/decoder_choice.ts";
import { pixels, succeeded } from "../../../src/ffi/pixels.ts";
import "../../native.ts";

/** A crop as it is cut, with nothing changed. */
const STILL = { flip: false, jitter: null, grayscale: false, sigma: null, solarize: false };
/** Leaves bytes as they are. */
const UNNORMALIZED = { mean: [0, 0, 0], std: [1, 1, 1] };

/** The whole of a square image as a crop of its own size, changed in one way: `[3, size, size]`. */
function changed(rgb: Uint8Array<ArrayBuffer>, change: object, by = UNNORMALIZED): Float32Array {
  const size = Math.sqrt(rgb.length / 3);
  const box = { top: 0, left: 0, height: size, width: size };
  const values = new Float32Array(rgb.length);
  const crop = { draw: { box, ...STILL, ...change }, size, offset: 0 };
  makeCrops({ width: size, height: size, pixels: rgb }, [crop], by, values);
  return values;
}

Deno.test("values are bytes less their channel's mean over its deviation, in float32, to the end of every row", () => {
  const by = { mean: [123.675, 116.28, 103.53], std: [58.395, 57.12, 57.375] };
  for (const size of [1, 3, 8, 13, 16]) {
    const rgb = Uint8Array.from({ length: 3 * size ** 2 }, (_, i) => 37 * i & 255);
    const expected = Float32Array.from(rgb, (_, i) => {
      const channel = Math.floor(i / size ** 2);
      const distance = Math.fround(
        rgb[3 * (i % size ** 2) + channel] - Math.fround(by.mean[channel]),
      );
      return distance / Math.fround(by.std[channel]);
    });
    assertEquals(changed(rgb, {}, by), expected, `rows of ${size}`);
  }
});

Deno.test("a gray in the middle between two is the lighter one, as Pillow's", () => {
  for (
    const [rgb, gray] of [[[0, 52, 184], 52], [[39, 91, 223], 91], [[230, 57, 248], 131]] as const
  ) {
    assertEquals([...changed(Uint8Array.from(rgb), { grayscale: true })], [gray, gray, gray]);
  }
});

Deno.test("a mean of grays in the middle between two is the lighter one, and exact however large a crop is", () => {
  const size = 306; // half of its pixels are 200 and half 201: sums of odd rows that grow beyond 2^24
  const rgb = Uint8Array.from(
    { length: 3 * size ** 2 },
    (_, i) => Math.floor(i / 3) % size < size / 2 ? 200 : 201,
  );
  const jitter = { order: [1], strength: [1, 0, 1, 0] };
  assertEquals(new Set(changed(rgb, { jitter })), new Set([201]));
});

Deno.test("an image that is not of red, green and blue bytes is refused before native code sees it", () => {
  const floats = { width: 2, height: 1, pixels: new Float32Array(6) };
  const gray = { width: 2, height: 1, pixels: new Uint8Array(2) };
  for (const image of [floats, gray]) {
    assertThrows(() => loadImage(image), TypeError, "not of red, green and blue bytes");
  }
});

Deno.test("crops of gray are refused by native code too", () => {
  const gray = Uint8Array.of(1, 2, 3, 4);
  assertEquals(pixels().deino_pixels_load_pixels(gray, 2, 2, 1), 1);
  const box = { top: 0, left: 0, height: 2, width: 2 };
  const crop = { draw: { box, ...STILL }, size: 2, offset: 0 };
  const make = () => makeLoadedCrops([crop], UNNORMALIZED, new Float32Array(12));
  assertThrows(make, Error, "crops are made of red, green and blue");
});

Deno.test("a crop may fill image and buffer to their ends, and reach one pixel beyond neither", () => {
  const image = { width: 6, height: 5, pixels: new Uint8Array(90).fill(7) };
  const whole = { top: 0, left: 0, height: 5, width: 6 };
  const make = (box: Partial<CropBox>, offset = 2) => {
    const values = new Float32Array(2 + 3 * 4 * 4);
    makeCrops(
      image,
      [{ draw: { ...STILL, box: { ...whole, ...box } }, size: 4, offset }],
      UNNORMALIZED,
      values,
    );
    return values;
  };
  assertEquals([...make({})].slice(1, 4), [0, 7, 7]);
  assertEquals(make({}).at(-1), 7);
  assertEquals(make({ top: 1, left: 2, height: 4, width: 4 }).at(-1), 7);
  for (
    const box of [{ top: 1 }, { left: 1 }, { top: -1 }, { left: -1 }, { height: 0 }, { width: 0 }]
  ) {
    assertThrows(() => make(box), Error, "a crop reaches beyond its image");
  }
  assertThrows(() => make({}, 3), Error, "a crop reaches beyond its batch");
});

Deno.test("an image is let go of when its crops or its resized pixels are made", () => {
  const image = { width: 2, height: 2, pixels: Uint8Array.from({ length: 12 }, (_, i) => i) };
  const box = { top: 0, left: 0, height: 2, width: 2 };
  const crop = { draw: { box, ...STILL }, size: 2, offset: 0 };
  const make = () => makeLoadedCrops([crop], UNNORMALIZED, new Float32Array(12));
  const resize = () => succeeded(pixels().deino_pixels_resize(2, 2, new Uint8Array(12)));
  loadImage(image);
  make();
  assertThrows(make, Error, "a crop reaches beyond its image");
  assertThrows(resize, Error, "no image is loaded");
  loadImage(image);
  resize();
  assertThrows(make, Error, "a crop reaches beyond its image");
  assertThrows(resize, Error, "no image is loaded");
});

Deno.test("a file that cannot be loaded leaves no image to make crops of, neither half of its own nor the one before", () => {
  decoderOf("JPEG"); // opens libjpeg, where there is one
  const whole = Deno.readFileSync(new URL("../codec/jpeg/440.jpg", import.meta.url));
  const box = { top: 0, left: 0, height: 8, width: 8 };
  const crop = { draw: { box, ...STILL }, size: 8, offset: 0 };
  const limits = { maxPixels: 1e4, maxScans: 50 };
  for (const damaged of [whole.slice(0, -40), whole.slice(0, 9)]) {
    loadImage({ width: 8, height: 8, pixels: new Uint8Array(192) });
    assertThrows(() => loadJpeg(damaged, limits), Error);
    const make = () => makeLoadedCrops([crop], UNNORMALIZED, new Float32Array(192));
    assertThrows(make, Error, "a crop reaches beyond its image");
  }
});

Deno.test("memory of a huge image is given back, and the next image finds its own", () => {
  const image = { width: 5120, height: 5120, pixels: new Uint8Array(3 * 5120 ** 2).fill(9) };
  const box = { top: 0, left: 0, height: 8, width: 8 };
  const crop = { draw: { box, ...STILL }, size: 8, offset: 0 };
  const before = Deno.memoryUsage().rss;
  for (let i = 0; i < 2; i++) {
    const values = new Float32Array(3 * 8 ** 2);
    makeCrops(image, [crop], UNNORMALIZED, values);
    assertEquals(values, values.map(() => 9));
  }
  const kept = (Deno.memoryUsage().rss - before) / 2 ** 20;
  assert(kept < 40, `${Math.round(kept)} of 75 MB are kept`);
});

/** Has the peak of memory measured anew, if the system does. */
function resetPeak(): boolean {
  try {
    Deno.writeTextFileSync("/proc/self/clear_refs", "5");
    return true;
  } catch {
    return false;
  }
}

const measured = { ignore: !resetPeak() };

Deno.test(
  "crops of an image that is long and narrow are those of the part that they reach, and cost no more",
  measured,
  () => {
    const [length, side] = [3_000_000, 2];
    const pixels = Uint8Array.from({ length: 3 * length }, (_, i) => i * i >> 3 & 255);
    const values = [new Float32Array(3 * side ** 2), new Float32Array(3 * side ** 2)];
    const part = pixels.slice(3 * 1_000_000, 3 * 1_000_040);
    resetPeak();
    const before = peak();
    for (const isWide of [true, false]) {
      const image = (pixels: Uint8Array<ArrayBuffer>) => {
        const length = pixels.length / 3;
        return isWide ? { pixels, width: length, height: 1 } : { pixels, width: 1, height: length };
      };
      const crop = (at: number) => {
        const along = isWide ? { left: at, width: 20 } : { top: at, height: 20 };
        const box = { left: 0, top: 0, width: 1, height: 1, ...along };
        const first = { draw: { ...STILL, box }, size: side, offset: 0 };
        const jitter = { order: [1, 3], strength: [1, 0.7, 1, 0.1] };
        return [first, { ...first, draw: { ...first.draw, jitter, sigma: 0.8 } }];
      };
      for (const i of [0, 1]) {
        makeCrops(image(pixels), [crop(1_000_010)[i]], UNNORMALIZED, values[0]);
        makeCrops(image(part), [crop(10)[i]], UNNORMALIZED, values[1]);
        assertEquals(values[0], values[1]);
      }
      const beyond = () => makeCrops(image(pixels), crop(length - 19), UNNORMALIZED, values[0]);
      assertThrows(beyond, Error, "a crop reaches beyond its image");
    }
    assert(peak() - before < 100e6); // 32 bytes for each pixel and channel would be 300 MB
  },
);

/** The most memory that the process has held, in bytes. */
function peak(): number {
  const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(Deno.readTextFileSync("/proc/self/status"))!;
  return 1024 * Number(kilobytes);
}

import { assert, assertEquals, assertThrows } from "@std/assert";
import type { CropBox } from "../../../src/data/augment/crop_box.ts";
import { loadImage, makeCrops, makeLoadedCrops } from "../../../src/data/pixels/crops.ts";
import { pixels } from "../../../src/ffi/pixels.ts";
import "../../native.ts";
import { cropBytes, golden } from "./golden_crops.ts";

for (const kind of new Set(golden.map((each) => each.kind))) {
  const ofKind = golden.filter((each) => each.kind === kind);
  if (kind === "blur") continue;
  Deno.test(`${ofKind.length} crops drawn with ${kind} have the bytes of Pillow and torchvision`, async () => {
    for (const each of ofKind) {
      const bytes = cropBytes(each);
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
      assertEquals(digest, each.sha256, JSON.stringify(each));
    }
  });
}

Deno.test("of blurred crops at most one byte differs from torchvision's, by one", () => {
  let different = 0;
  for (const each of golden.filter((each) => each.kind === "blur")) {
    const expected = Uint8Array.fromHex(each.bytes!);
    cropBytes(each).forEach((byte, i) => {
      const far = Math.abs(byte - expected[i]);
      assert(far <= 1, `a byte is ${far} off: ${JSON.stringify({ ...each, bytes: "" })}`);
      different += far;
    });
  }
  assert(different <= 1, `${different} bytes differ`);
});

Deno.test({
  name: "code for any processor makes the same bytes",
  ignore: Deno.env.get("DEINO_PIXELS") === "portable",
  fn: async () => {
    const resize = `${import.meta.dirname}/resize_test.ts`;
    const args = ["test", "-A", "--no-check", import.meta.filename!, resize];
    const env = { DEINO_PIXELS: "portable" };
    const { success, stdout } = await new Deno.Command(Deno.execPath(), { args, env }).output();
    assert(success, new TextDecoder().decode(stdout));
  },
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
  const still = { flip: false, jitter: null, grayscale: false, sigma: null, solarize: false };
  const crop = { draw: { box, ...still }, size: 2, offset: 0 };
  const by = { mean: [0, 0, 0], std: [1, 1, 1] };
  const make = () => makeLoadedCrops([crop], by, new Float32Array(12));
  assertThrows(make, Error, "crops are made of red, green and blue");
});

Deno.test("a crop may fill image and buffer to their ends, and reach one pixel beyond neither", () => {
  const image = { width: 6, height: 5, pixels: new Uint8Array(90).fill(7) };
  const draw = {
    ...{ flip: false, jitter: null, grayscale: false, sigma: null, solarize: false },
    box: { top: 0, left: 0, height: 5, width: 6 },
  };
  const by = { mean: [0, 0, 0], std: [1, 1, 1] };
  const make = (box: Partial<CropBox>, offset = 2) => {
    const values = new Float32Array(2 + 3 * 4 * 4);
    makeCrops(
      image,
      [{ draw: { ...draw, box: { ...draw.box, ...box } }, size: 4, offset }],
      by,
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

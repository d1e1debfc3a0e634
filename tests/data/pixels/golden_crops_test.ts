import { assert, assertEquals, assertThrows } from "@std/assert";
import type { Normalization } from "../../../src/data/augment/normalize.ts";
import type { ViewDraw } from "../../../src/data/augment/recipe.ts";
import type { DecodedImage } from "../../../src/data/image.ts";
import { loadImage, makeCrops } from "../../../src/data/pixels/crops.ts";
import { scope } from "../../../src/tensor/scope.ts";
import "../../native.ts";
import { loadGolden } from "../../golden.ts";
import cases from "./golden_crops.json" with { type: "json" };

interface Case {
  readonly kind: string;
  readonly source: string;
  readonly size: number;
  readonly draw: ViewDraw;
  readonly sha256?: string;
  readonly bytes?: string;
}

/** Leaves bytes as they are. */
const UNNORMALIZED: Normalization = { mean: [0, 0, 0], std: [1, 1, 1] };

/** Curved bands of colour with noise on them. */
function pattern(height: number, width: number): DecodedImage {
  const pixels = Uint8Array.from({ length: 3 * height * width }, (_, i) => {
    const c = i % 3, x = Math.floor(i / 3) % width, y = Math.floor(i / 3 / width);
    const bands = (3 * x * x + 5 * y * y + x * y + 900 * c) >> 5;
    return (bands + ((131 * x ^ 57 * y ^ 29 * c) & 31)) & 255;
  });
  return { width, height, pixels };
}

function goldenImage(name: string): DecodedImage {
  return scope(() => {
    const tensor = loadGolden("augment")[`source.${name}`]; // [H, W, 3]
    const [height, width] = tensor.shape;
    return { width, height, pixels: tensor.toArray() as Uint8Array<ArrayBuffer> };
  });
}

const SOURCES: Record<string, DecodedImage> = {
  wide: pattern(120, 180),
  tall: pattern(97, 61),
  row: pattern(2, 300),
  tiny: goldenImage("tiny"),
  photo: goldenImage("photo0"),
};

function cropBytes({ source, draw, size }: Case): Uint8Array<ArrayBuffer> {
  const values = new Float32Array(3 * size ** 2);
  makeCrops(SOURCES[source], [{ draw, size, offset: 0 }], UNNORMALIZED, values);
  return Uint8Array.from(values);
}

const golden = cases as unknown as Case[];

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
    const args = ["test", "-A", "--no-check", import.meta.filename!];
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

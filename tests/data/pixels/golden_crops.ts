/**
 * Crops that Pillow and torchvision made; `make_golden_crops.py` writes them.
 *
 * @module
 */
import type { Normalization } from "../../../src/data/augment/normalize.ts";
import type { ViewDraw } from "../../../src/data/augment/recipe.ts";
import type { DecodedImage } from "../../../src/data/image.ts";
import { makeCrops } from "../../../src/data/pixels/crops.ts";
import { scope } from "../../../src/tensor/scope.ts";
import { loadGolden } from "../../golden.ts";
import cases from "./golden_crops.json" with { type: "json" };

/** A crop as it was drawn, and what Pillow and torchvision made of it. */
export interface Case {
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

/** The images that are cropped, by their names. */
export const SOURCES: Record<string, DecodedImage> = {
  wide: pattern(120, 180),
  tall: pattern(97, 61),
  row: pattern(2, 300),
  tiny: goldenImage("tiny"),
  photo: goldenImage("photo0"),
};

/** The bytes of a crop as native code of this machine makes it. */
export function cropBytes({ source, draw, size }: Case): Uint8Array<ArrayBuffer> {
  const values = new Float32Array(3 * size ** 2);
  makeCrops(SOURCES[source], [{ draw, size, offset: 0 }], UNNORMALIZED, values);
  return Uint8Array.from(values);
}

/** Every crop. */
export const golden = cases as unknown as Case[];

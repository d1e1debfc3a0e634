import type { DecodedImage } from "../image.ts";
import type { ViewDraw } from "../augment/recipe.ts";
import { pixels as native, succeeded } from "./library.ts";

/** A crop to make, all of which is said: the same crop of the same image has the same bytes wherever it is made. */
export interface Crop {
  /** What it was drawn to be. */
  readonly draw: ViewDraw;
  /** Side of the square in pixels. */
  readonly size: number;
  /** Where its first value goes, counted in values. */
  readonly offset: number;
}

/** What bytes are normalised by: `(byte - mean) / std`, a value for each of red, green and blue. */
export interface ByteNormalization {
  /** Mean, on the scale of bytes. */
  readonly mean: readonly number[];
  /** Standard deviation, on the scale of bytes. */
  readonly std: readonly number[];
}

/** Leaves bytes as they are. */
export const unnormalized: ByteNormalization = { mean: [0, 0, 0], std: [1, 1, 1] };

/** Where crops are written: float32, shared between threads or not. */
export type CropBuffer = Float32Array<ArrayBufferLike>;

/**
 * Makes crops of an image, `[3, size, size]` each: cut out and resized, mirrored, then jittered in the order drawn, made
 * gray, blurred, solarized, normalised. Bytes are those of Pillow 12 and torchvision; blurred ones may differ by one
 * (1 in 70,000).
 *
 * @param image An image of bytes, red, green and blue.
 * @param crops The crops.
 * @param by What they are normalised by.
 * @param to Where they are written.
 * @throws {Error} If a crop reaches beyond the image or the buffer.
 */
export function makeCrops(
  image: DecodedImage,
  crops: readonly Crop[],
  by: ByteNormalization,
  to: CropBuffer,
): void {
  const { pixels, width, height } = image;
  if (!(pixels instanceof Uint8Array) || pixels.length !== 3 * width * height) {
    throw new TypeError(
      "Cannot crop by native code: the image is not of red, green and blue bytes",
    );
  }
  succeeded(
    native().deino_pixels_crop_rgb(
      pixels,
      width,
      height,
      packCrops(crops),
      crops.length,
      packNormalization(by),
      to as BufferSource & CropBuffer,
      BigInt(to.length),
    ),
  );
}

/** Bytes of a crop as native/pixels/kernels.h has it. */
const PACKED = 80;
const NO_JITTER = 4;

/** Crops as native code reads them. */
export function packCrops(crops: readonly Crop[]): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(PACKED * crops.length));
  crops.forEach(({ draw, size, offset }, i) => {
    const { box, flip, jitter, grayscale, sigma, solarize } = draw;
    const order = [...Array.from(jitter?.order ?? []), ...Array(4).fill(NO_JITTER)].slice(0, 4);
    const [brightness, contrast, saturation, hue] = jitter?.strength ?? [1, 1, 1, 0];
    const start = PACKED * i;
    view.setBigInt64(start, BigInt(offset), true);
    [box.top, box.left, box.height, box.width, size, Number(flip), ...order]
      .forEach((value, at) => view.setInt32(start + 8 + 4 * at, value, true));
    [brightness, contrast, saturation]
      .forEach((value, at) => view.setFloat32(start + 48 + 4 * at, value, true));
    [Math.trunc(hue * 255), Number(grayscale), Number(solarize)]
      .forEach((value, at) => view.setInt32(start + 60 + 4 * at, value, true));
    view.setFloat32(start + 72, sigma ?? 0, true);
  });
  return new Uint8Array(view.buffer);
}

/** A normalisation as native code reads it. */
export function packNormalization({ mean, std }: ByteNormalization): Float32Array<ArrayBuffer> {
  return Float32Array.of(...mean, ...std);
}

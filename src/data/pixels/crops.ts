import type { DecodedImage } from "../image.ts";
import type { Normalization } from "../augment/normalize.ts";
import type { JpegLimits } from "./libjpeg.ts";
import { pixels as native, succeeded } from "../../ffi/pixels.ts";
import { type Crop, packCrops } from "./pack_crops.ts";

/** Where crops are written: float32, shared between threads or not. */
export type CropBuffer = Float32Array<ArrayBufferLike>;

/** Columns and rows of an image. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/**
 * Loads a JPEG file into this thread, for {@linkcode makeLoadedCrops}. Nothing of it is copied to JavaScript.
 *
 * @throws {Error} If it is damaged, cut off or beyond the limits; the message is the reason.
 */
export function loadJpeg(
  bytes: Uint8Array<ArrayBuffer>,
  { maxPixels, maxScans }: JpegLimits,
): ImageSize {
  waiting = undefined;
  const size = new Int32Array(2);
  const [length, pixels] = [bytes.length, maxPixels].map(BigInt);
  succeeded(native().deino_pixels_load_jpeg(bytes, length, pixels, maxScans, size));
  return { width: size[0], height: size[1] };
}

/**
 * Loads an image of red, green and blue bytes into this thread, for {@linkcode makeLoadedCrops}.
 *
 * @throws {TypeError} If it has other pixels.
 */
export function loadImage(image: DecodedImage): void {
  const { pixels, width, height } = image;
  if (!(pixels instanceof Uint8Array) || pixels.length !== 3 * width * height) {
    throw new TypeError(
      "Cannot crop by native code: the image is not of red, green and blue bytes",
    );
  }
  if (Math.max(width, height) > LONG * Math.min(width, height)) waiting = image;
  else loadNow(image);
}

/**
 * Makes crops of the image that this thread loaded last, `[3, size, size]` each, and lets go of it: cut out and resized,
 * mirrored, then jittered in the order drawn, made gray, blurred, solarized, normalised. Bytes are those of Pillow 12 and
 * torchvision; blurred ones may differ by one (1 in a million).
 *
 * @param crops The crops.
 * @param by What they are normalised by, on the scale of bytes.
 * @param to Where they are written.
 * @throws {Error} If a crop reaches beyond the image or the buffer.
 */
export function makeLoadedCrops(
  crops: readonly Crop[],
  by: Normalization,
  to: CropBuffer,
): void {
  let reached = crops;
  if (waiting !== undefined) {
    const cut = cutToReach(waiting, crops);
    loadNow(cut.image);
    reached = cut.crops;
  }
  succeeded(
    native().deino_pixels_make_crops(
      packCrops(reached),
      crops.length,
      Float32Array.of(...by.mean, ...by.std),
      to as BufferSource & CropBuffer,
      BigInt(to.length),
    ),
  );
}

/** Loads an image and makes crops of it; see {@linkcode makeLoadedCrops}. */
export function makeCrops(
  image: DecodedImage,
  crops: readonly Crop[],
  by: Normalization,
  to: CropBuffer,
): void {
  loadImage(image);
  makeLoadedCrops(crops, by, to);
}

/** Of sides whose ratio is above this. */
const LONG = 100;

/**
 * A long image that native code has not loaded yet: it fills up every row and column to 32 bytes, so of a row of pixels only
 * what crops reach is handed to it.
 */
let waiting: DecodedImage | undefined;

function loadNow({ pixels, width, height }: DecodedImage): void {
  waiting = undefined;
  succeeded(
    native().deino_pixels_load_pixels(pixels as Uint8Array<ArrayBuffer>, width, height, 3),
  );
}

/** The part of an image that crops reach, and where they lie in it. */
function cutToReach(
  { pixels, width, height }: DecodedImage,
  crops: readonly Crop[],
): { image: DecodedImage; crops: readonly Crop[] } {
  const boxes = crops.map(({ draw }) => draw.box);
  const left = Math.max(0, Math.min(...boxes.map((box) => box.left)));
  const top = Math.max(0, Math.min(...boxes.map((box) => box.top)));
  const right = Math.min(width, Math.max(...boxes.map((box) => box.left + box.width)));
  const bottom = Math.min(height, Math.max(...boxes.map((box) => box.top + box.height)));
  const part = new Uint8Array(3 * (right - left) * (bottom - top));
  for (let y = top, to = 0; y < bottom; y++, to += 3 * (right - left)) {
    part.set(pixels.subarray(3 * (y * width + left), 3 * (y * width + right)), to);
  }
  return {
    image: { width: right - left, height: bottom - top, pixels: part },
    crops: crops.map((crop) => {
      const { box } = crop.draw;
      const moved = { ...box, left: box.left - left, top: box.top - top };
      return { ...crop, draw: { ...crop.draw, box: moved } };
    }),
  };
}

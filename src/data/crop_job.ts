/**
 * Image to crops, in a worker.
 *
 * @module
 */
import { CropLayout } from "./augment/crop_layout.ts";
import { drawCrops } from "./augment/draw_crops.ts";
import type { Normalization } from "./augment/normalize.ts";
import type { CropSettings } from "./augment/recipe.ts";
import { decodeImage, type DecodeOptions } from "./codec/decode.ts";
import { readImageHeader } from "./codec/image_header.ts";
import { jpegReason } from "./codec/jpeg_frame.ts";
import { MAX_SCANS } from "./codec/jpeg_samples.ts";
import { CropOrder, type Turn } from "./crop_order.ts";
import { type DecodedImage, MAX_PIXELS } from "./image.ts";
import { type ImageSize, loadImage, loadJpeg, makeLoadedCrops } from "./pixels/crops.ts";
import { decoderOf } from "./pixels/decoder_choice.ts";

/** What all crops of a run have in common. */
export interface CropPlan {
  /** The recipe of the crops. */
  readonly settings: Pick<CropSettings, "crops" | "augmentation">;
  /** How images are decoded. */
  readonly decoding: DecodeOptions;
  /** What they are normalised by, on the scale of bytes. */
  readonly normalization: Normalization;
  /** The run's seed. */
  readonly seed: number;
  /** Images of a batch. */
  readonly images: number;
  /** Micro-batches of a batch. */
  readonly microBatches: number;
  /** The memory of a {@linkcode CropOrder}. */
  readonly states: Int32Array<SharedArrayBuffer>;
  /** Buffers for batches in a circle: batch i goes to number `i % buffers.length`. */
  readonly buffers: readonly Float32Array<SharedArrayBuffer>[];
}

/** Crops to make of an image. */
export interface CropJob {
  /** Where the image stands in the order. */
  readonly turn: Turn;
  /** The image, if it was kept. */
  readonly image?: DecodedImage;
  /** Whether the image is wanted back, to be kept. */
  readonly isKept: boolean;
}

/** The result: the image where it was wanted and what is to be said of its file, or why there are no crops. */
export type CropOutcome =
  | { readonly image?: DecodedImage; readonly notes?: DecodedImage["notes"] }
  | { readonly reason: string };

/** Decodes an image, waits for its turn, and writes its crops into the buffer of its batch. */
export async function runCropJob(
  plan: CropPlan,
  job: CropJob,
  read: () => Promise<Uint8Array<ArrayBuffer>>,
): Promise<CropOutcome> {
  const { turn } = job;
  const order = new CropOrder(plan.states);
  let image: DecodedImage | undefined, size: ImageSize;
  try {
    ({ image, size } = await load(job, plan.decoding, read));
  } catch (error) {
    order.settle(turn.number, false);
    return { reason: error instanceof Error ? error.message : String(error) };
  }
  order.settle(turn.number, true);
  const slot = order.slotOf(turn);
  const iteration = Math.floor(slot / plan.images), place = slot % plan.images;
  const offsets = new CropLayout(plan.settings, plan).offsets(place);
  const crops = drawCrops(size, plan.settings, { seed: plan.seed, iteration, place })
    .map((crop, i) => ({ ...crop, offset: offsets[i] }));
  makeLoadedCrops(crops, plan.normalization, plan.buffers[iteration % plan.buffers.length]);
  return { image: job.isKept ? share(image!) : undefined, notes: image?.notes };
}

/** The image in memory that threads share: it comes back with every job that needs it. */
function share(image: DecodedImage): DecodedImage {
  const pixels = new Uint8Array(new SharedArrayBuffer(image.pixels.length));
  pixels.set(image.pixels);
  return { ...image, pixels: pixels as Uint8Array as Uint8Array<ArrayBuffer> };
}

/** Loads the image into this thread for native code; a JPEG file goes there without a stay in JavaScript. */
async function load(
  { image, isKept }: CropJob,
  decoding: DecodeOptions,
  read: () => Promise<Uint8Array<ArrayBuffer>>,
): Promise<{ image?: DecodedImage; size: ImageSize }> {
  if (image === undefined) {
    const bytes = await read();
    const isPlainJpeg = isJpeg(bytes) && decoding.exif !== "apply";
    if (!isKept && isPlainJpeg && decoderOf("JPEG").name !== "wasm") {
      return { size: await loadJpegFile(bytes, decoding) };
    }
    image = await decodeImage(bytes, decoding);
  }
  loadImage(image);
  return { image, size: image };
}

function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
}

/** As `decodeImage` does, with the same limits and reasons. */
async function loadJpegFile(
  bytes: Uint8Array<ArrayBuffer>,
  { maxPixels = MAX_PIXELS }: DecodeOptions,
): Promise<ImageSize> {
  const { width, height } = await readImageHeader(bytes);
  if (width * height > maxPixels) {
    throw new Error(`${width}x${height} pixels exceed the limit of ${maxPixels}`);
  }
  try {
    return loadJpeg(bytes, { maxPixels: width * height, maxScans: MAX_SCANS });
  } catch (error) {
    const reason = jpegReason(bytes, (error as Error).message);
    throw new Error(`damaged or unsupported JPEG (${reason})`, { cause: error });
  }
}

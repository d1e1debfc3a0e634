import type { CropBox } from "../../data/augment/crop_box.ts";
import { type Normalization, normalizeImages } from "../../data/augment/normalize.ts";
import {
  distortColours,
  type DistortionDraw,
  drawDistortion,
} from "../../data/augment/photometric_distortion.ts";
import { imageTensor } from "../../data/augment/resize.ts";
import type { DecodedImage } from "../../data/image.ts";
import type { Stream } from "../../random/stream.ts";
import { IGNORED } from "../../data/target.ts";
import { zeroPad2d } from "../../nn/functional.ts";
import type { Device } from "../../tensor/device.ts";
import { scope } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { resizeBilinear, scaledSize } from "./resize_bilinear.ts";
import type { SegmentationProtocol } from "./segmentation_protocol.ts";

/** Everything random about a training view of an image and its mask. */
interface SegmentationDraw {
  /** Rows and columns of the whole image after resizing. */
  readonly size: readonly [number, number];
  /** What is cut out of it. */
  readonly box: CropBox;
  /** Whether it is mirrored. */
  readonly flip: boolean;
  /** How its colours are distorted. */
  readonly distortion: DistortionDraw;
}

const MAX_SHARE = 0.75;
const TRIES = 10;

/**
 * Draws a view as the reference trains on: the image resized, a square cut out in which no class fills more than three
 * quarters of the labelled pixels (after ten misses any square), mirrored half the time, colours distorted.
 *
 * Source: mmsegmentation's `Resize`, `RandomCrop`, `RandomFlip` and `PhotoMetricDistortion`.
 *
 * @param image With its mask.
 * @param protocol Size and ratios.
 * @param stream Where randomness comes from.
 */
export function drawSegmentationView(
  image: DecodedImage,
  { imageSize, ratioRange }: SegmentationProtocol,
  stream: Stream,
): SegmentationDraw {
  const short = Math.max(1, Math.trunc(imageSize * stream.uniform(...ratioRange)));
  const size = scaledSize(image, short);
  const [height, width] = size.map((side) => Math.min(imageSize, side));
  const drawBox = (): CropBox => ({
    top: stream.integer(0, size[0] - height),
    left: stream.integer(0, size[1] - width),
    height,
    width,
  });
  let box = drawBox();
  for (let attempt = 0; attempt < TRIES && !isMixed(cropLabels(image, { size, box })); attempt++) {
    box = drawBox();
  }
  return { size, box, flip: stream.bernoulli(0.5), distortion: drawDistortion(stream) };
}

/** Options of {@linkcode segmentationViewImage}. */
interface SegmentationViewOptions {
  /** Side of the view in pixels. */
  readonly imageSize: number;
  /** What it is normalised by. Default: ImageNet's mean and standard deviation. */
  readonly normalization?: Normalization;
  /** Where it is made. Default: the CPU. */
  readonly device?: Device;
}

/** A training view, normalised, `[1, C, S, S]`: what lies beyond the image is 0. */
export function segmentationViewImage(
  image: DecodedImage,
  draw: SegmentationDraw,
  { imageSize, normalization, device }: SegmentationViewOptions,
): Tensor {
  const { size, box, flip, distortion } = draw;
  return scope(() => {
    const whole = resizeBilinear(imageTensor(image, { device }).unsqueeze(0), size);
    const crop = whole.narrow(2, box.top, box.height).narrow(3, box.left, box.width);
    const distorted = distortColours(flip ? crop.flip([3]) : crop, distortion);
    const [bottom, right] = [box.height, box.width].map((side) => imageSize - side);
    const seen = normalizeImages(distorted, normalization);
    return zeroPad2d(seen, { left: 0, top: 0, right, bottom });
  });
}

/** The labels of a training view, `[S, S]`: what lies beyond the image is ignored. */
export function segmentationViewLabels(
  image: DecodedImage,
  { size, box, flip }: SegmentationDraw,
  imageSize: number,
): Uint8Array<ArrayBuffer> {
  const crop = cropLabels(image, { size, box });
  const labels = new Uint8Array(imageSize ** 2).fill(IGNORED);
  for (let y = 0; y < box.height; y++) {
    const row = crop.subarray(y * box.width, (y + 1) * box.width);
    labels.set(flip ? row.toReversed() : row, y * imageSize);
  }
  return labels;
}

/** The labels of a rectangle of the resized mask, each that of the pixel it falls into. */
function cropLabels(
  { width, height, target }: DecodedImage,
  { size: [rows, columns], box }: Pick<SegmentationDraw, "size" | "box">,
): Uint8Array<ArrayBuffer> {
  const labels = new Uint8Array(box.height * box.width);
  const from = Int32Array.from(
    { length: box.width },
    (_, x) => Math.min(width - 1, Math.floor((box.left + x) * width / columns)),
  );
  for (let y = 0; y < box.height; y++) {
    const row = Math.min(height - 1, Math.floor((box.top + y) * height / rows)) * width;
    for (let x = 0; x < box.width; x++) labels[y * box.width + x] = target![row + from[x]];
  }
  return labels;
}

/** Whether at least two classes are there, and none fills more than its share. */
function isMixed(labels: Uint8Array): boolean {
  const counts = new Float64Array(256);
  for (const label of labels) counts[label]++;
  const classes = counts.subarray(0, IGNORED).filter((count) => count > 0);
  const total = classes.reduce((a, b) => a + b, 0);
  return classes.length > 1 && Math.max(...classes) / total < MAX_SHARE;
}

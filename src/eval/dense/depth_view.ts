import type { CropBox } from "../../data/augment/crop_box.ts";
import { type Normalization, normalizeImages } from "../../data/augment/normalize.ts";
import { imageTensor } from "../../data/augment/resize.ts";
import type { DecodedImage } from "../../data/image.ts";
import type { Stream } from "../../random/stream.ts";
import { zeroPad2d } from "../../nn/functional.ts";
import { tensor } from "../../tensor/create.ts";
import type { Device } from "../../tensor/device.ts";
import { scope } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { DepthProtocol } from "./depth_protocol.ts";
import { rotate } from "./rotate.ts";

/** Everything random about a training view of an image and its depths. */
interface DepthDraw {
  /** The part of the image that is trained on. */
  readonly window: CropBox;
  /** Degrees by which it is turned; null leaves it. */
  readonly degrees: number | null;
  /** Whether it is mirrored. */
  readonly flip: boolean;
  /** What is cut out of the window. */
  readonly box: CropBox;
  /** How its colours change; null leaves them. */
  readonly colours: {
    /** Exponent of intensities from 0 to 1. */
    readonly gamma: number;
    /** Factor of each channel. */
    readonly factors: readonly number[];
  } | null;
}

const DEGREES = 2.5;
const GAMMA: readonly [number, number] = [0.9, 1.1];
const BRIGHTNESS: readonly [number, number] = [0.75, 1.25];
const COLOUR: readonly [number, number] = [0.9, 1.1];

/**
 * Draws a view as the reference trains on: turned by up to 2.5 degrees, mirrored, with changed colours, each half the
 * time, and cut out.
 *
 * Source: `NYUCrop`, `RandomRotate`, `RandomFlip`, `RandomCrop` and `ColorAug` of Monocular-Depth-Estimation-Toolbox; the
 * gamma acts on intensities from 0 to 1, as in BTS (Lee et al. 2019), where it comes from.
 *
 * @param image With its depths.
 * @param protocol Windows and sizes.
 * @param stream Where randomness comes from.
 * @throws {RangeError} If the protocol does not fit the image.
 */
export function drawDepthView(
  image: DecodedImage,
  { trainWindow, cropSize }: DepthProtocol,
  stream: Stream,
): DepthDraw {
  const window = trainWindow({ height: image.height, width: image.width });
  const degrees = stream.bernoulli(0.5) ? stream.uniform(-DEGREES, DEGREES) : null;
  const flip = stream.bernoulli(0.5);
  const height = Math.min(cropSize[0], window.height);
  const width = Math.min(cropSize[1], window.width);
  const top = stream.integer(0, window.height - height);
  const left = stream.integer(0, window.width - width);
  const channels = image.pixels.length / (image.width * image.height);
  const colours = stream.bernoulli(0.5) ? drawColours(stream, channels) : null;
  return { window, degrees, flip, box: { top, left, height, width }, colours };
}

/** Options of {@linkcode depthView}. */
interface DepthViewOptions {
  /** Rows and columns of the view. */
  readonly cropSize: readonly [number, number];
  /** What it is normalised by. Default: ImageNet's mean and standard deviation. */
  readonly normalization?: Normalization;
  /** Where it is made. Default: the CPU. */
  readonly device?: Device;
}

/** A training view. */
interface DepthView {
  /** Normalised, `[1, C, h, w]`; what lies beyond the image is 0. */
  readonly image: Tensor;
  /** In metres, `[1, 1, h, w]`; 0 where unknown. */
  readonly depth: Tensor;
}

/** Makes a view of an image and its depths. */
export function depthView(
  image: DecodedImage,
  draw: DepthDraw,
  { cropSize, normalization, device }: DepthViewOptions,
): DepthView {
  const { window, degrees, flip, box, colours } = draw;
  return scope(() => {
    const shape = [1, 1, image.height, image.width];
    const turned = (x: Tensor, sampling: "bilinear" | "nearest") => {
      const part = crop(x, window);
      const upright = degrees === null ? part : rotate(part, degrees, sampling);
      return crop(flip ? upright.flip([3]) : upright, box);
    };
    const pixels = imageTensor(image, { device }).unsqueeze(0).to({ dtype: "float32" });
    const seen = turned(pixels, "bilinear");
    const coloured = colours === null ? seen : changeColours(seen, colours);
    const padding = {
      top: 0,
      left: 0,
      bottom: cropSize[0] - box.height,
      right: cropSize[1] - box.width,
    };
    return {
      image: zeroPad2d(normalizeImages(coloured, normalization), padding),
      depth: zeroPad2d(turned(tensor(image.target!, { shape, device }), "nearest"), padding),
    };
  });
}

function drawColours(stream: Stream, channels: number): DepthDraw["colours"] {
  const gamma = stream.uniform(...GAMMA);
  const brightness = stream.uniform(...BRIGHTNESS);
  const factors = Array.from({ length: channels }, () => brightness * stream.uniform(...COLOUR));
  return { gamma, factors };
}

function changeColours(
  images: Tensor,
  { gamma, factors }: NonNullable<DepthDraw["colours"]>,
): Tensor {
  const scale = tensor(factors, { shape: [1, factors.length, 1, 1], device: images.device });
  return images.div(255).pow(gamma).mul(scale).mul(255).clamp({ min: 0, max: 255 });
}

function crop(images: Tensor, { top, left, height, width }: CropBox): Tensor {
  return images.narrow(2, top, height).narrow(3, left, width);
}

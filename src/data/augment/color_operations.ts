/**
 * What augmentation does to the colours of images, as Pillow does it to images of 8 bits.
 *
 * @module
 */
import { tensor, where } from "../../tensor/create.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** Whether images `[n, C, H, W]` are red, green and blue. Those are augmented in whole numbers, as Pillow does; others are not. */
export function isRgb(images: Tensor): boolean {
  return images.shape[1] === 3;
}

/** Scales the light of images `[n, C, H, W]` by a factor each, `[n, 1, 1, 1]`. */
export function adjustBrightness(images: Tensor, factor: Tensor): Tensor {
  return truncated(images.mul(factor));
}

/** Moves images `[n, C, H, W]` from their mean grey, of other channels than RGB the mean of all, (0) to themselves (1) and beyond. */
export function adjustContrast(images: Tensor, factor: Tensor): Tensor {
  if (!isRgb(images)) return blend(images, images.mean([1, 2, 3], { keepdim: true }), factor);
  const mean = luma(images).mean([1, 2, 3], { keepdim: true }).add_(0.5).floor_(); // [n, 1, 1, 1]
  return blend(images, mean, factor);
}

/** Moves images from grey (0) to themselves (1) and beyond. */
export function adjustSaturation(images: Tensor, factor: Tensor): Tensor {
  return blend(images, luma(images), factor);
}

/** Turns the hue of images by a share of the circle each, through 8-bit HSV as Pillow does. */
export function adjustHue(images: Tensor, turn: Tensor): Tensor {
  const [hue, saturation, value] = toHsv(images);
  const steps = turn.mul(255).trunc();
  return fromHsv(hue.add(steps).remainder(256), saturation, value);
}

/** Images `[n, 3, H, W]` without their colour: three equal channels. */
export function grayscale(images: Tensor): Tensor {
  return luma(images).expand(images.shape);
}

const SOLARIZE_THRESHOLD = 128;

/** Images `[n, C, H, W]` with everything of 128 and above inverted. */
export function solarize(images: Tensor): Tensor {
  return where(images.lt(SOLARIZE_THRESHOLD), images, images.neg().add_(255));
}

function blend(images: Tensor, degenerate: Tensor, factor: Tensor): Tensor {
  return truncated(images.sub(degenerate).mul_(factor).add_(degenerate));
}

/** Within the range of bytes; RGB in whole numbers, as Pillow has it. */
function truncated(images: Tensor): Tensor {
  const clamped = images.clamp_({ min: 0, max: 255 });
  return isRgb(images) ? clamped.floor_() : clamped;
}

/**
 * The grey of colours as Pillow computes it, in whole numbers: `(19595 R + 38470 G + 7471 B + 32768) >> 16`. Exact in
 * float32: no sum reaches 2^24.
 *
 * @param images `[n, 3, H, W]`, whole numbers from 0 to 255.
 * @returns `[n, 1, H, W]`.
 */
function luma(images: Tensor): Tensor {
  const weights = tensor([19595, 38470, 7471], { shape: [1, 3, 1, 1], device: images.device });
  return images.mul(weights).sum(1, { keepdim: true }).add_(32768).div_(65536).floor_();
}

/**
 * Hue, saturation and value of images `[n, 3, H, W]`, each `[n, 1, H, W]` in whole numbers from 0 to 255, as Pillow
 * computes them.
 */
export function toHsv(images: Tensor): [hue: Tensor, saturation: Tensor, value: Tensor] {
  const most = images.amax(1, { keepdim: true });
  const chroma = most.sub(images.amin(1, { keepdim: true }));
  // Grey has no hue and no saturation: a divisor of 1 leaves both at 0.
  const divisor = chroma.clamp({ min: 1 });
  const [r, g, b] = most.sub(images).div(divisor).split([1, 1, 1], 1);
  const [red, green] = images.eq(most).split([1, 1, 1], 1);
  const sector = where(red, b.sub(g), where(green, r.sub(b).add_(2), g.sub(r).add_(4)));
  const hue = sector.div(6).add_(1).remainder(1).mul_(255).floor_();
  const saturation = chroma.mul(255).div_(most.clamp({ min: 1 })).floor_();
  return [hue, saturation, most];
}

/**
 * The image of hue, saturation and value as {@linkcode toHsv} gives them, `[n, 3, H, W]`. Each channel is the value, less
 * what the hue's distance from it takes away.
 */
export function fromHsv(hue: Tensor, saturation: Tensor, value: Tensor): Tensor {
  const offsets = tensor([5, 3, 1], { shape: [1, 3, 1, 1], device: hue.device });
  const k = hue.mul(6 / 255).add(offsets).remainder(6); // [n, 3, H, W]
  const distance = k.minimum(k.neg().add_(4)).clamp_({ min: 0, max: 1 });
  return value.sub(distance.mul_(saturation).mul_(value).div_(255)).round_();
}

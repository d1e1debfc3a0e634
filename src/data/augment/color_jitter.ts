import type { Tensor } from "../../tensor/tensor.ts";
import { fromHsv, toHsv } from "./hsv.ts";
import { isRgb } from "./is_rgb.ts";
import { luma } from "./luma.ts";

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

function blend(images: Tensor, degenerate: Tensor, factor: Tensor): Tensor {
  return truncated(images.sub(degenerate).mul_(factor).add_(degenerate));
}

/** Within the range of bytes; RGB in whole numbers, as Pillow has it. */
function truncated(images: Tensor): Tensor {
  const clamped = images.clamp_({ min: 0, max: 255 });
  return isRgb(images) ? clamped.floor_() : clamped;
}

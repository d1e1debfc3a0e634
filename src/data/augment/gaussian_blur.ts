import { conv2d, reflectionPad2d } from "../../nn/functional.ts";
import { arange } from "../../tensor/create.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { isRgb } from "./color_operations.ts";

const RADIUS = 4;
const TAPS = 2 * RADIUS + 1;

/**
 * Blurs images `[n, C, H, W]`, each with a Gaussian of its own width in pixels, `[n, 1, 1, 1]`, over 9 x 9 pixels;
 * edges are mirrored. Rows first, then columns: the same as torchvision's square kernel.
 */
export function gaussianBlur(images: Tensor, sigma: Tensor): Tensor {
  const count = images.shape[0];
  const distance = arange(TAPS, { device: images.device }).sub(RADIUS).reshape([1, 1, 1, TAPS]);
  const weights = distance.div(sigma).pow(2).mul_(-0.5).exp(); // [n, 1, 1, 9]
  const kernel = weights.div(weights.sum(3, { keepdim: true }));
  const padding = { left: RADIUS, right: RADIUS, top: RADIUS, bottom: RADIUS };
  const padded = reflectionPad2d(images, padding).transpose(0, 1); // [C, n, H + 8, W + 8]: images become groups
  const rows = conv2d(padded, kernel, { groups: count });
  const both = conv2d(rows, kernel.transpose(2, 3), { groups: count });
  const blurred = both.transpose(0, 1);
  return isRgb(images) ? blurred.round() : blurred;
}

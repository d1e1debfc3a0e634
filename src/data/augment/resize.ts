import { upsampleBicubic2d } from "../../nn/functional.ts";
import { tensor } from "../../tensor/create.ts";
import type { Device } from "../../tensor/device.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { DecodedImage } from "../image.ts";
import type { CropBox } from "./crop_box.ts";

/** Uploads an image: `[C, H, W]`, uint8 or, where it has 16 bits, float32, with the channels of a pixel side by side in memory as they were decoded. */
export function imageTensor(
  { pixels, width, height }: DecodedImage,
  options: { device?: Device } = {},
): Tensor {
  return tensor(pixels, { shape: [height, width, pixels.length / (width * height)], ...options })
    .permute([2, 0, 1]);
}

/**
 * A rectangle of an image, resized as Pillow resizes with `BICUBIC`: the crop comes first, so nothing outside it
 * shows, and wide filters smooth what shrinks.
 *
 * @param image `[C, H, W]`, uint8, or float32 from 0 to 255.
 * @param box The rectangle.
 * @param size Rows and columns of the result.
 * @returns `[C, rows, columns]` of the same type.
 */
export function resizedCrop(
  image: Tensor,
  box: CropBox,
  size: readonly [number, number],
): Tensor {
  const crop = image.narrow(1, box.top, box.height).narrow(2, box.left, box.width);
  return toDtype(resizeSamples(crop, size), image.dtype);
}

/** `[C, H, W]` to `[C, rows, columns]`: bytes where the kernel rounds as Pillow does, else float32 of any value. */
export function resizeSamples(image: Tensor, size: readonly [number, number]): Tensor {
  // libtorch's CPU kernel for bytes rounds between its two passes, as Pillow does; CUDA has none for bytes.
  const isExact = image.dtype === "uint8" && image.device === "cpu";
  const samples = (isExact ? image : image.to({ dtype: "float32" })).unsqueeze(0);
  return upsampleBicubic2d(samples, size, { antialias: true }).squeeze(0);
}

/** What {@linkcode resizeSamples} made, in the image's own type again. */
export function toDtype(resized: Tensor, dtype: Tensor["dtype"]): Tensor {
  if (resized.dtype === "uint8") return resized;
  if (dtype === "uint8") resized.round_();
  return resized.clamp_({ min: 0, max: 255 }).to({ dtype });
}

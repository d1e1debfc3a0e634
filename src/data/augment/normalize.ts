import { tensor } from "../../tensor/create.ts";
import type { Tensor } from "../../tensor/tensor.ts";

const MEAN = [0.485, 0.456, 0.406];
const STD = [0.229, 0.224, 0.225];

/** Bytes `[n, 3, H, W]`, in any type, as the networks want them: ImageNet's mean 0 and deviation 1, float32. */
export function normalizeImages(images: Tensor): Tensor {
  const { mean, std } = statistics(images);
  return images.sub(mean).div_(std);
}

/** Undoes {@linkcode normalizeImages}, but for rounding: `[n, 3, H, W]`, float32, from 0 to 255. */
export function denormalizeImages(images: Tensor): Tensor {
  const { mean, std } = statistics(images);
  return images.mul(std).add_(mean);
}

/** Of bytes, on the device of the images. */
function statistics({ device }: Tensor): Record<"mean" | "std", Tensor> {
  const bytes = (values: readonly number[]) =>
    tensor(values.map((value) => value * 255), { shape: [1, 3, 1, 1], device });
  return { mean: bytes(MEAN), std: bytes(STD) };
}

import { tensor } from "../../tensor/create.ts";
import type { Tensor } from "../../tensor/tensor.ts";

const MEAN = [0.485, 0.456, 0.406];
const STD = [0.229, 0.224, 0.225];

/** Bytes `[n, 3, H, W]`, in any type, as the networks want them: ImageNet's mean 0 and deviation 1, float32. */
export function normalizeImages(images: Tensor): Tensor {
  const channels = { shape: [1, 3, 1, 1], device: images.device };
  const mean = tensor(MEAN.map((value) => value * 255), channels);
  const std = tensor(STD.map((value) => value * 255), channels);
  return images.sub(mean).div_(std);
}

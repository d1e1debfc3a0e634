import type { Config } from "../../config/schema.ts";
import { tensor } from "../../tensor/create.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** What images are normalised by: a value for each channel, on a scale from 0 to 1. */
export interface Normalization {
  /** Mean. */
  readonly mean: readonly number[];
  /** Standard deviation. */
  readonly std: readonly number[];
}

const MEAN = [0.485, 0.456, 0.406];
const STD = [0.229, 0.224, 0.225];

/** ImageNet's mean and standard deviation of red, green and blue; for other channels, those three averaged. */
export function imagenetNormalization(channels = 3): Normalization {
  const spread = (values: readonly number[]) =>
    channels === 3 ? values : Array<number>(channels).fill(values.reduce((a, b) => a + b) / 3);
  return { mean: spread(MEAN), std: spread(STD) };
}

/**
 * What a configuration normalises images by; what pretrained weights note counts where it has been taken from them.
 *
 * @throws {Error} If it asks for values that have not been computed.
 */
export function normalizationOf({ channels, mean, std }: Config["data"]): Normalization {
  if (mean === "auto" || std === "auto") {
    throw new Error(
      "Cannot normalise images by statistics that have not been computed yet: set data.mean and data.std",
    );
  }
  const known = imagenetNormalization(channels);
  return {
    mean: typeof mean === "string" ? known.mean : mean,
    std: typeof std === "string" ? known.std : std,
  };
}

/**
 * Images `[n, C, H, W]` from 0 to 255, in any type, as the networks want them: mean 0 and standard deviation 1, float32.
 *
 * @param images The images.
 * @param normalization By what. Default: {@linkcode imagenetNormalization}.
 */
export function normalizeImages(images: Tensor, normalization?: Normalization): Tensor {
  const { mean, std } = statistics(images, normalization);
  return images.sub(mean).div_(std);
}

/** Undoes {@linkcode normalizeImages}, but for rounding: `[n, C, H, W]`, float32, from 0 to 255. */
export function denormalizeImages(images: Tensor, normalization?: Normalization): Tensor {
  const { mean, std } = statistics(images, normalization);
  return images.mul(std).add_(mean);
}

/** A normalisation on the scale of bytes. */
export function byteNormalization({ mean, std }: Normalization): Normalization {
  const scaled = (values: readonly number[]) => values.map((value) => value * 255);
  return { mean: scaled(mean), std: scaled(std) };
}

/** Of bytes, on the device of the images. */
function statistics(
  { device, shape: [, channels] }: Tensor,
  normalization: Normalization = imagenetNormalization(channels),
): Record<"mean" | "std", Tensor> {
  const { mean, std } = byteNormalization(normalization);
  const upload = (values: readonly number[]) =>
    tensor(values, { shape: [1, values.length, 1, 1], device });
  return { mean: upload(mean), std: upload(std) };
}

import { shortSideFor } from "../../data/augment/eval_transform.ts";
import { isRecord, parseObject } from "../../files/header_validation.ts";

/** Pillow's number for `BICUBIC`. */
const BICUBIC = 3;

/** How images are prepared, in the names of safetensors written here. */
export interface ProcessorFacts {
  /** Side in pixels. */
  readonly image_size: number;
  /** For each channel, on a scale from 0 to 1. */
  readonly mean: readonly number[];
  /** Deviation of each channel. */
  readonly std: readonly number[];
}

/** The `preprocessor_config.json` by which `transformers` prepares images as they are prepared here. */
export function huggingFaceProcessor({ image_size: size, mean, std }: ProcessorFacts): string {
  const config = {
    image_processor_type: "BitImageProcessor",
    do_convert_rgb: mean.length === 3,
    do_resize: true,
    size: { shortest_edge: shortSideFor(size) },
    resample: BICUBIC,
    do_center_crop: true,
    crop_size: { height: size, width: size },
    do_rescale: true,
    rescale_factor: 1 / 255,
    do_normalize: true,
    image_mean: mean,
    image_std: std,
  };
  return JSON.stringify(config, null, 2) + "\n";
}

/**
 * What a `preprocessor_config.json` says about images, unchecked.
 *
 * @param text The file's content.
 * @throws {Error} When it is no JSON object; the message completes "Cannot use …: ".
 */
export function parseHuggingFaceProcessor(
  text: string,
): Record<keyof ProcessorFacts, unknown> {
  const { crop_size: crop, do_normalize: normalizes, image_mean, image_std } = parseObject(text);
  const image_size = isRecord(crop) ? crop.height : crop;
  return normalizes === false
    ? { image_size, mean: [0, 0, 0], std: [1, 1, 1] }
    : { image_size, mean: image_mean, std: image_std };
}

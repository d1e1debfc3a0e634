import { interpolations } from "../../data/augment/resample.ts";
import { isCount, isRecord, parseObject } from "../../files/header_validation.ts";
import {
  type NotedPreprocessing,
  type Preprocessing,
  REFERENCE_IMAGE_SIZE,
  resizedSide,
} from "../preprocessing.ts";

/** Processors that take a `size` of one number for both sides; the others for the shorter one. */
const SQUARE = /^(ViT|BEiT|Beit|DeiT|DINOv3|Siglip)/;

/**
 * The `preprocessor_config.json` by which `transformers` prepares images as they are prepared here.
 *
 * @throws {RangeError} If `transformers` cannot.
 */
export function huggingFaceProcessor(seen: Preprocessing): string {
  const { image_size: size, mean, std, interpolation, crop_mode } = seen;
  const side = resizedSide(seen);
  if (crop_mode === "border") {
    throw new RangeError(
      "Cannot write the preprocessing for Hugging Face: its processors cannot pad with a border",
    );
  }
  const isSquashed = crop_mode === "squash";
  const config = {
    image_processor_type: "BitImageProcessor",
    do_convert_rgb: mean.length === 3,
    do_resize: true,
    size: isSquashed ? { height: side, width: side } : { shortest_edge: side },
    resample: interpolations.indexOf(interpolation),
    do_center_crop: !isSquashed || side !== size,
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
 * What a `preprocessor_config.json` says about images.
 *
 * @param text The file's content.
 * @throws {Error} When it is no JSON object, or asks for what cannot be done here; the message completes "Cannot use …: ".
 */
export function parseHuggingFaceProcessor(text: string): NotedPreprocessing {
  const config = parseObject(text);
  if (config.do_flip_channel_order === true) throw new Error("it swaps red and blue");
  const unknown = Object.keys(config).find((key) =>
    config[key] === true && (/^do_/.test(key) || key === "keep_aspect_ratio") && !STEPS.has(key)
  );
  if (unknown !== undefined) {
    throw new Error(`its ${unknown} is true, and images cannot be prepared so here. ${CURE}`);
  }
  return { ...sidesOf(config), ...interpolationOf(config.resample), ...normalizationOf(config) };
}

/** What helps where a processor asks for what cannot be done here. */
const CURE = "Move that file away, and give --mean, --std, --image-size and --crop-mode instead";

/** Steps that are done here, or that change no pixel. */
const STEPS = new Set([
  ...["do_resize", "do_center_crop", "do_rescale", "do_normalize", "do_convert_rgb"],
  ...["do_reduce_labels", "do_convert_annotations"],
]);

type Config = Readonly<Record<string, unknown>>;

function sidesOf(config: Config): NotedPreprocessing {
  const { size, crop_size, crop_pct, do_center_crop, do_resize, image_processor_type } = config;
  const crop = do_center_crop === false || do_center_crop === null
    ? undefined
    : square("crop_size", crop_size);
  if (do_resize === false) {
    throw new Error(`its do_resize is false, and images must get one size here. ${CURE}`);
  }
  const isSquare = isRecord(size)
    ? size.shortest_edge === undefined
    : crop === undefined && SQUARE.test(String(image_processor_type ?? ""));
  const short = isRecord(size) && !isSquare ? size.shortest_edge : size;
  const side = square("size", short);
  if (side === undefined) {
    return crop === undefined ? {} : { image_size: crop, evaluation_size: crop };
  }
  if (typeof crop_pct === "number" && !isSquare) return { image_size: side, crop_pct };
  const image_size = crop ?? side;
  if (image_size > side) {
    throw new Error(`it crops ${image_size} pixels of images resized to ${side}`);
  }
  return {
    image_size,
    crop_mode: isSquare ? "squash" : "center",
    crop_pct: image_size / side,
    ...!isSquare && crop === undefined && { crop_added: true },
    // Evaluations keep their own size, but for an image that is cropped as theirs are.
    evaluation_size: isSquare ? REFERENCE_IMAGE_SIZE : image_size,
  };
}

/** A side given as a number, or as that of a square. */
function square(name: string, value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  const { height, width } = isRecord(value) ? value : { height: value, width: value };
  if (isCount(height) && height > 0 && height === width) return height;
  throw new Error(
    `its ${name} is ${JSON.stringify(value)}, and only squares are supported. ${CURE}`,
  );
}

function interpolationOf(resample: unknown): NotedPreprocessing {
  if (resample === undefined || resample === null) return {};
  const interpolation = isCount(resample) ? interpolations[resample] : undefined;
  if (interpolation !== undefined) return { interpolation };
  throw new Error(`its resample is ${JSON.stringify(resample)}, none of Pillow's 0 to 5`);
}

/** Mean and standard deviation on a scale from 0 to 1, whatever bytes are multiplied by before. */
function normalizationOf(config: Config): NotedPreprocessing {
  const { do_rescale = true, do_normalize = true, image_mean, image_std } = config;
  const factor = do_rescale === false ? 1 : config.rescale_factor ?? 1 / 255;
  if (typeof factor !== "number" || !(factor > 0)) {
    throw new Error(`its rescale_factor is ${JSON.stringify(factor)}`);
  }
  const [mean, std] = do_normalize === false ? [[0, 0, 0], [1, 1, 1]] : [image_mean, image_std];
  const scale = 255 * factor;
  const scaled = (values: unknown) =>
    scale !== 1 && Array.isArray(values) ? values.map((value) => value / scale) : values;
  return { mean: scaled(mean), std: scaled(std) };
}

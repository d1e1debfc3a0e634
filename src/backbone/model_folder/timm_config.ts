import { isCount, isRecord, parseObject } from "../../files/header_validation.ts";
import { type NotedPreprocessing, REFERENCE_IMAGE_SIZE } from "../preprocessing.ts";

/** The share of an image that timm keeps where nothing is said. */
const CROP_PCT = 0.875;

/** What timm's `config.json` says. */
interface TimmConfig {
  /** Attention heads, where they are named. */
  readonly numHeads?: number;
  /** How images are prepared. */
  readonly preprocessing?: NotedPreprocessing;
}

/**
 * Reads the `config.json` that timm writes beside weights: what its `pretrained_cfg` says of images, as
 * `create_transform(**resolve_data_config(…))` takes it.
 *
 * @param text The file's content.
 * @returns Nothing where it is not timm's.
 * @throws {Error} When it is not JSON, or asks for what cannot be done here; the message completes "Cannot use …: ".
 */
export function parseTimmConfig(text: string): TimmConfig {
  const config = parseObject(text);
  if (typeof config.architecture !== "string" && !isRecord(config.pretrained_cfg)) return {};
  const model = isRecord(config.model_args) ? config.model_args : {};
  const images = isRecord(config.pretrained_cfg) ? config.pretrained_cfg : config;
  const { act_layer = "gelu", num_heads } = model;
  if (act_layer !== "gelu") {
    throw new Error(
      `its act_layer is ${JSON.stringify(act_layer)}, and only "gelu" is supported`,
    );
  }
  return {
    numHeads: isCount(num_heads) && num_heads > 0 ? num_heads : undefined,
    preprocessing: preprocessing(images),
  };
}

function preprocessing(images: Readonly<Record<string, unknown>>): NotedPreprocessing {
  const { input_size: size, interpolation, crop_mode, crop_pct, mean, std } = images;
  const [, rows, columns] = Array.isArray(size) ? size : [];
  if (rows !== columns) {
    throw new Error(
      `its input_size is ${
        JSON.stringify(size)
      }, and only squares are supported. Where the network itself is one ` +
        "for squares, move that file away, and give --image-size, --mean, --std, --crop-mode and --num-heads instead",
    );
  }
  const noted = { interpolation, crop_mode, mean, std, image_size: rows };
  const isStated = Object.values(noted).some((value) => value !== undefined && value !== null);
  // Evaluations keep their protocol's size.
  return isStated
    ? { ...noted, crop_pct: crop_pct ?? CROP_PCT, evaluation_size: REFERENCE_IMAGE_SIZE }
    : {};
}

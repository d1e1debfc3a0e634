import {
  type CropMode,
  cropModes,
  type EvalTransformOptions,
  roundHalfToEven,
  shortSideFor,
} from "../data/augment/eval_transform.ts";
import { imagenetNormalization, type Normalization } from "../data/augment/normalize.ts";
import { type Interpolation, interpolations } from "../data/augment/resample.ts";

/** The side of images in the reference's evaluations. */
export const REFERENCE_IMAGE_SIZE = 224;

/** How a backbone's images are prepared, in the names that files use. */
export interface Preprocessing extends Normalization {
  /** Side in pixels, after the crop. */
  readonly image_size: number;
  /** Channels. */
  readonly channels: number;
  /** By which filter images are resized. */
  readonly interpolation: Interpolation;
  /** How an image becomes a square. */
  readonly crop_mode: CropMode;
  /** Share of the resized side that the crop keeps. */
  readonly crop_pct: number;
  /** Whether the library of the weights would not crop: images of unequal sides do not go together here. */
  readonly crop_added?: boolean;
  /** Whether images are turned upright by their EXIF data. Default: they are not. */
  readonly exif?: "apply";
  /** Side in pixels that the reference's evaluations take, whose protocol says the rest. */
  readonly evaluation_size: number;
}

/** What a file notes about images, unchecked. */
export type NotedPreprocessing = { readonly [name in keyof Preprocessing]?: unknown };

/**
 * How a backbone wants its images: as it is asked, else as a file notes it, else as its run's configuration says, else as
 * the reference sees them.
 *
 * @param state What the file says about itself.
 * @param channels Channels that the backbone takes.
 * @param asked What overrides all. Default: nothing.
 * @throws {RangeError} If what is specified is invalid, such as a standard deviation of 0.
 */
export function preprocessingOf(
  state: Readonly<Record<string, unknown>>,
  channels: number,
  asked: Partial<Preprocessing> = {},
): Preprocessing {
  const { data, evaluation, crops } = (state.config ?? {}) as Partial<Record<string, Section>>;
  const noted = (state.preprocessing ?? {}) as NotedPreprocessing;
  const known = imagenetNormalization(channels);
  const ofRun = [evaluation?.image_size, crops?.global_crops_size];
  const image_size = asked.image_size ?? firstNumber(noted.image_size, ...ofRun) ??
    REFERENCE_IMAGE_SIZE;
  const mean = listOf("mean", asked.mean ?? noted.mean, channels) ??
    ofConfig(data?.mean, channels) ?? known.mean;
  const std = listOf("std", asked.std ?? noted.std, channels) ??
    ofConfig(data?.std, channels) ?? known.std;
  if (std.some((value) => value <= 0)) {
    throw new RangeError(
      `Cannot normalise images by the standard deviations ${
        std.join(", ")
      } that the weights specify: ` +
        "they must be above 0. Correct preprocessor_config.json beside them, or the file's metadata",
    );
  }
  return {
    image_size,
    channels,
    mean,
    std,
    interpolation: asked.interpolation ??
      choice("interpolation", noted.interpolation, interpolations) ?? "bicubic",
    crop_mode: asked.crop_mode ?? choice("crop_mode", noted.crop_mode, cropModes) ?? "center",
    crop_pct: asked.crop_pct ?? share(noted.crop_pct) ?? image_size / shortSideFor(image_size),
    ...noted.crop_added === true && asked.crop_mode === undefined && { crop_added: true },
    ...(asked.exif ?? noted.exif ?? data?.exif) === "apply" && { exif: "apply" as const },
    evaluation_size: firstNumber(noted.evaluation_size, noted.image_size, ...ofRun) ??
      REFERENCE_IMAGE_SIZE,
  };
}

/**
 * What a file notes that images are normalised by.
 *
 * @param state What the file says about itself.
 * @param channels Channels that the backbone takes.
 * @returns Undefined where it notes nothing.
 * @throws {RangeError} If what is specified is invalid.
 */
export function notedNormalization(
  state: Readonly<Record<string, unknown>>,
  channels: number,
): Normalization | undefined {
  const { mean } = (state.preprocessing ?? {}) as NotedPreprocessing;
  const { data } = (state.config ?? {}) as Partial<Record<string, Section>>;
  if ((mean ?? data?.mean ?? undefined) === undefined) return undefined;
  const seen = preprocessingOf(state, channels);
  return { mean: seen.mean, std: seen.std };
}

/** The side that images are resized to before the crop. */
export function resizedSide({ image_size, crop_pct }: Preprocessing): number {
  // A share that was itself divided out of two sides must give them back.
  return Math.floor(image_size / crop_pct + 1e-6);
}

/**
 * How images are seen by a preprocessing, in the options of an evaluation set. What is as the reference has it is left out,
 * so that features are known again by what is unusual.
 */
export function imageViewOf(
  seen: Preprocessing,
): EvalTransformOptions & { imageSize: number } & Pick<Preprocessing, "exif"> {
  const { image_size, interpolation, crop_mode, mean, exif } = seen;
  return {
    imageSize: image_size,
    resize: resizedSide(seen),
    ...exif && { exif },
    ...interpolation !== "bicubic" && { interpolation },
    ...crop_mode !== "center" && { cropMode: crop_mode },
    ...crop_mode === "border" && { fill: mean.map((value) => roundHalfToEven(255 * value)) },
  };
}

/** How images are prepared, in a line for people. */
export function describePreprocessing(seen: Preprocessing): string {
  const { exif, mean, std } = seen;
  const numbers = (values: readonly number[]) => values.map((value) => +value.toFixed(4)).join(" ");
  return [
    `Images: ${exif ? "EXIF orientation applied, " : ""}${describeSides(seen)}`,
    `mean ${numbers(mean)}`,
    `standard deviation ${numbers(std)}`,
  ].join("; ");
}

/** How images are resized and cropped: `short side resized to 256, bicubic; center crop of 224 x 224`. */
export function describeSides(seen: Preprocessing): string {
  const { image_size: size, interpolation, crop_mode } = seen;
  const side = resizedSide(seen);
  const resized = {
    center: `short side resized to ${side}`,
    squash: `both sides resized to ${side}`,
    border: `long side resized to ${side}`,
  }[crop_mode];
  const why = seen.crop_added
    ? " (their library would not crop, but all images must have one size)"
    : "";
  const crop = crop_mode === "squash" && side === size ? [] : [
    `center crop ${crop_mode === "border" ? "or padding to" : "of"} ${size} x ${size}${why}`,
  ];
  return [`${resized}, ${interpolation}`, ...crop].join("; ");
}

type Section = Partial<Record<string, unknown>>;

/** The first value that is a side of an image; 0 stands for another key's. */
function firstNumber(...values: readonly unknown[]): number | undefined {
  return values.find((value): value is number => Number.isInteger(value) && (value as number) > 0);
}

/** A run's list, if it is for as many channels. */
function ofConfig(value: unknown, channels: number): number[] | undefined {
  return isNumbers(value) && value.length === channels ? value : undefined;
}

/** What is noted for each channel; of red, green and blue, other channels take the average. */
function listOf(name: string, value: unknown, channels: number): number[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (isNumbers(value) && value.length === channels) return value;
  if (isNumbers(value) && value.length === 3) {
    return Array<number>(channels).fill(value.reduce((sum, each) => sum + each, 0) / 3);
  }
  throw unusable(name, value, `a list of ${channels} numbers`);
}

function choice<T extends string>(
  name: string,
  value: unknown,
  choices: readonly T[],
): T | undefined {
  if (value === undefined || value === null) return undefined;
  if (choices.includes(value as T)) return value as T;
  throw unusable(name, value, choices.join(", "));
}

function share(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number" && value > 0 && value <= 1) return value;
  throw unusable("crop_pct", value, "a share above 0 and up to 1");
}

function unusable(name: string, value: unknown, possible: string): RangeError {
  return new RangeError(
    `Cannot prepare images with ${name} ${JSON.stringify(value)}: it must be ${possible}`,
  );
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(Number.isFinite);
}

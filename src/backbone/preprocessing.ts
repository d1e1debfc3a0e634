import { imagenetNormalization, type Normalization } from "../data/augment/normalize.ts";

const REFERENCE_IMAGE_SIZE = 224;

/** How a backbone wants its images, in the names that files note it under. */
export interface Preprocessing extends Normalization {
  /** Side in pixels. */
  readonly image_size: number;
  /** Channels. */
  readonly channels: number;
}

/**
 * How a backbone wants its images: as a file notes it, else as its run's configuration says, else as the reference sees
 * them.
 *
 * @param state What the file says about itself.
 * @param channels Channels that the backbone takes.
 * @throws {RangeError} If images cannot be divided by the deviations noted.
 */
export function preprocessingOf(
  state: Readonly<Record<string, unknown>>,
  channels: number,
): Preprocessing {
  const { data, evaluation, crops } = (state.config ?? {}) as Partial<Record<string, Section>>;
  const noted = (state.preprocessing ?? {}) as Section;
  const known = imagenetNormalization(channels);
  const std = [noted.std, data?.std].find((value) => isList(value, channels)) ?? known.std;
  if (std.some((value) => value <= 0)) {
    throw new RangeError(
      `Cannot normalise images by the deviations ${
        std.join(", ")
      } that are noted with the weights: ` +
        "they must be above 0. Correct preprocessor_config.json beside them, or the file's metadata",
    );
  }
  return {
    image_size: firstNumber(noted.image_size, evaluation?.image_size, crops?.global_crops_size) ??
      REFERENCE_IMAGE_SIZE,
    channels,
    mean: [noted.mean, data?.mean].find((value) => isList(value, channels)) ?? known.mean,
    std,
  };
}

type Section = Partial<Record<string, unknown>>;

/** The first value that is a side of an image; 0 stands for another key's. */
function firstNumber(...values: readonly unknown[]): number | undefined {
  return values.find((value): value is number => Number.isInteger(value) && (value as number) > 0);
}

function isList(value: unknown, length: number): value is number[] {
  return Array.isArray(value) && value.length === length && value.every(Number.isFinite);
}

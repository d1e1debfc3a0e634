import type { Config } from "../../config/schema.ts";
import { imagenetNormalization, type Normalization } from "./normalize.ts";

/**
 * What a configuration normalises images by.
 *
 * @throws {Error} If it asks for values that have not been computed.
 */
export function normalizationOf({ channels, mean, std }: Config["data"]): Normalization {
  if (mean === "auto" || std === "auto") {
    throw new Error(
      "Cannot normalise images by values that are yet to be computed from them: set data.mean and data.std",
    );
  }
  const known = imagenetNormalization(channels);
  return {
    mean: mean === "imagenet" ? known.mean : mean,
    std: std === "imagenet" ? known.std : std,
  };
}

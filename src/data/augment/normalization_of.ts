import type { Config } from "../../config/schema.ts";
import { imagenetNormalization, type Normalization } from "./normalize.ts";

/**
 * What a configuration normalises images by; what pretrained weights note counts where it has been taken from them.
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
    mean: typeof mean === "string" ? known.mean : mean,
    std: typeof std === "string" ? known.std : std,
  };
}

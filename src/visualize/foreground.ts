import { cat } from "../tensor/create.ts";
import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** Rules that separate foreground from background; see {@linkcode foregroundMasks}. */
export const foregroundRules = ["border", "positive", "negative", "all"] as const;

/** One of {@linkcode foregroundRules}. */
export type ForegroundRule = typeof foregroundRules[number];

/** Options of {@linkcode foregroundMasks}. */
export interface ForegroundOptions {
  /**
   * Which side of the component is the foreground: the one that the images' borders lie less on ("border"), the
   * "positive" or the "negative" one, or both ("all"). Default: "border".
   */
  foreground?: ForegroundRule;
  /**
   * How far a patch must lie on that side, in standard deviations of the component over all images. Default: 0.
   */
  threshold?: number;
}

/**
 * Tells foreground from background by a component of the patches' features.
 *
 * The sign of a component is arbitrary. By the rule "border" it is chosen so that the patches along the images' borders,
 * all taken together, lie below the mean: photographs show their object in the middle. Where they lie just on the mean,
 * as in images of two rows, the positive side is taken.
 *
 * Source: DINOv2, figure 1, which keeps the patches of positive value.
 *
 * @param scores The component of every patch, for each image `[rows, columns]`.
 * @returns For each image `[rows, columns]`, bool.
 */
export function foregroundMasks(
  scores: readonly Tensor[],
  options: ForegroundOptions = {},
): Tensor[] {
  const { foreground = "border", threshold = 0 } = options;
  return scope(() => {
    if (foreground === "all") return scores.map((score) => score.eq(score));
    const joint = cat(scores.map((score) => score.flatten()));
    const mean = joint.mean().item(), deviation = joint.std(undefined, { correction: 0 }).item();
    const isNegative = foreground === "negative" ||
      (foreground === "border" && borderMean(scores) > mean);
    const side = isNegative ? -1 : 1;
    return scores.map((score) => score.sub(mean).mul(side).gt(threshold * deviation));
  });
}

/** The mean over the outermost patches of all images. */
function borderMean(scores: readonly Tensor[]): number {
  const borders = scores.map((score) => {
    const [rows, columns] = score.shape;
    const inside = [Math.max(0, rows - 2), Math.max(0, columns - 2)];
    const inner = score.narrow(0, rows > 2 ? 1 : 0, inside[0])
      .narrow(1, columns > 2 ? 1 : 0, inside[1]);
    return {
      sum: score.sum().item() - inner.sum().item(),
      count: rows * columns - inside[0] * inside[1],
    };
  });
  const total = (key: "sum" | "count") => borders.reduce((all, border) => all + border[key], 0);
  return total("sum") / total("count");
}

import { upsampleBilinear2d } from "../nn/functional.ts";
import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { colorize } from "./color_map.ts";

/** Share of the heat in an overlay. */
const OPACITY = 0.6;

/** Numbers and the colours that show them. */
export interface HeatMap {
  /** The colours, `[3, H, W]`, uint8. */
  readonly heat: Tensor;
  /** The colours laid over the image, `[3, H, W]`, uint8. */
  readonly overlay: Tensor;
}

/**
 * Shows a number for each patch over the image.
 *
 * @param values `[rows, columns]`.
 * @param picture The image, `[3, H, W]`, uint8.
 * @param range The numbers that take the first and the last colour. Default: the least and the greatest there are.
 */
export function heatMap(
  values: Tensor,
  picture: Tensor,
  range?: readonly [least: number, greatest: number],
): HeatMap {
  return scope(() => {
    const [least, greatest] = range ?? rangeOf([values]);
    const [, height, width] = picture.shape;
    const shares = values.to({ device: "cpu", dtype: "float32" }).sub(least)
      .div(Math.max(greatest - least, Number.EPSILON));
    const smooth = upsampleBilinear2d(shares.unsqueeze(0).unsqueeze(0), [height, width]);
    const heat = colorize(smooth.squeeze(0).squeeze(0));
    const overlay = picture.to({ dtype: "float32" }).lerp(heat.to({ dtype: "float32" }), OPACITY)
      .round().to({ dtype: "uint8" });
    return { heat, overlay };
  });
}

/** The least and the greatest number of several maps. */
export function rangeOf(maps: readonly Tensor[]): [least: number, greatest: number] {
  return scope(() => [
    Math.min(...maps.map((values) => values.min().item())),
    Math.max(...maps.map((values) => values.max().item())),
  ]);
}

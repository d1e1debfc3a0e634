import type { Tensor } from "../../tensor/tensor.ts";
import {
  adjustBrightness,
  adjustContrast,
  adjustHue,
  adjustSaturation,
  grayscale,
  isRgb,
  solarize,
} from "./color_operations.ts";
import { gaussianBlur } from "./gaussian_blur.ts";
import { JITTERS, type ViewDraw } from "./recipe.ts";
import { changeRows, uploadRows } from "./rows.ts";

type Transform = (images: Tensor, value: Tensor) => Tensor;

const ADJUST: Record<(typeof JITTERS)[number], Transform> = {
  brightness: adjustBrightness,
  contrast: adjustContrast,
  saturation: adjustSaturation,
  hue: adjustHue,
};

/** What only RGB has. */
const COLOUR_ONLY: ReadonlySet<string> = new Set(["saturation", "hue"]);

/**
 * Everything that happens to views after they are cropped, in the reference's order: flip, colour jitter with its four
 * operations in the order drawn, grayscale, blur, solarization. Each step works on the views that drew it, all at once.
 *
 * Channels other than RGB have no saturation, hue and grayscale: those are left out. Brightness, contrast, blur and
 * solarization treat all channels alike.
 *
 * @param views `[n, C, S, S]`, from 0 to 255 in float32; RGB in whole numbers. Written into.
 * @param draws What was drawn for each view.
 */
export function applyViews(views: Tensor, draws: readonly ViewDraw[]): void {
  const isColour = isRgb(views);
  const steps: { transform: Transform; value: (draw: ViewDraw) => number | null }[] = [
    { transform: (images) => images.flip([3]), value: (draw) => draw.flip ? 1 : null },
    ...JITTERS.flatMap((_, place) =>
      JITTERS.map((name, number) => ({
        transform: ADJUST[name],
        value: ({ jitter }: ViewDraw) =>
          jitter?.order[place] === number && (isColour || !COLOUR_ONLY.has(name))
            ? jitter.strength[number]
            : null,
      }))
    ),
    { transform: grayscale, value: (draw) => draw.grayscale && isColour ? 1 : null },
    { transform: gaussianBlur, value: (draw) => draw.sigma },
    { transform: solarize, value: (draw) => draw.solarize ? 1 : null },
  ];
  const selections = steps.map(({ value }) => {
    const index = Array.from(draws.keys()).filter((i) => value(draws[i]) !== null);
    return { index, value: index.map((i) => value(draws[i])!) };
  });
  const rows = uploadRows(selections, views.device);
  for (const [i, { transform }] of steps.entries()) changeRows(views, rows[i], transform);
}

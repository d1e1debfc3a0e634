import { tensor } from "../../tensor/create.ts";
import type { Device } from "../../tensor/device.ts";
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

/** Which images of a batch a transform changes, with a number for each. */
interface Rows {
  /** Places in the batch, `[m]`, int64. */
  readonly index: Tensor;
  /** The strength for each, `[m, 1, 1, 1]`. */
  readonly value: Tensor;
  /** m. */
  readonly count: number;
}

/** Uploads several selections of images at once. `values` are by place in the selection. */
function uploadRows(
  selections: readonly { readonly index: readonly number[]; readonly value: readonly number[] }[],
  device: Device,
): Rows[] {
  const counts = selections.map(({ index }) => index.length);
  const indices = BigInt64Array.from(selections.flatMap(({ index }) => index), BigInt);
  const values = Float32Array.from(selections.flatMap(({ value }) => value));
  const index = tensor(indices, { device }).split(counts);
  const value = tensor(values, { shape: [values.length, 1, 1, 1], device }).split(counts);
  return counts.map((count, i) => ({ index: index[i], value: value[i], count }));
}

/** Replaces the chosen images of a batch by what `transform` makes of them. Writes into `images`. */
function changeRows(
  images: Tensor,
  rows: Rows,
  transform: (images: Tensor, value: Tensor) => Tensor,
): void {
  if (rows.count === 0) return;
  const chosen = images.indexSelect(0, rows.index);
  images.indexCopy_(0, rows.index, transform(chosen, rows.value));
}

import type { Tensor } from "../../tensor/tensor.ts";
import type { Stream } from "../../random/stream.ts";
import { fromHsv, isRgb, toHsv } from "./color_operations.ts";

/** How colours are distorted; null leaves a property alone. */
export interface DistortionDraw {
  /** Added to every channel. */
  readonly brightness: number | null;
  /** Factor of every channel. */
  readonly contrast: number | null;
  /** Whether contrast comes before saturation and hue. */
  readonly isContrastFirst: boolean;
  /** Factor of the saturation. */
  readonly saturation: number | null;
  /** Degrees by which hues are turned. */
  readonly hue: number | null;
}

const BRIGHTNESS = 32;
const FACTOR: readonly [number, number] = [0.5, 1.5];
const HUE_DEGREES = 36;
/** Steps of the hue circle. */
const HUES = 255;

/** Draws a distortion: each property is changed with probability 1/2. */
export function drawDistortion(stream: Stream): DistortionDraw {
  const sometimes = (low: number, high: number) =>
    stream.bernoulli(0.5) ? stream.uniform(low, high) : null;
  return {
    brightness: sometimes(-BRIGHTNESS, BRIGHTNESS),
    isContrastFirst: stream.bernoulli(0.5),
    contrast: sometimes(...FACTOR),
    saturation: sometimes(...FACTOR),
    hue: sometimes(-HUE_DEGREES, HUE_DEGREES),
  };
}

/**
 * Images with distorted colours, as in SSD and mmsegmentation (`PhotoMetricDistortion`). After every change values are
 * limited and rounded down to whole numbers. Channels other than RGB have neither saturation nor hue, and are not rounded.
 *
 * Source: [Liu et al. 2016](https://arxiv.org/abs/1512.02325).
 *
 * @param images `[n, C, H, W]`, from 0 to 255 in float32; RGB in whole numbers.
 * @param draw What to change.
 * @returns The same shape.
 */
export function distortColours(images: Tensor, draw: DistortionDraw): Tensor {
  const { brightness, contrast, isContrastFirst, saturation, hue } = draw;
  const isColour = isRgb(images);
  const whole = (values: Tensor) => {
    const limited = values.clamp_({ min: 0, max: 255 });
    return isColour ? limited.floor_() : limited;
  };
  const contrasted = (x: Tensor) => contrast === null ? x : whole(x.mul(contrast));
  const coloured = (x: Tensor) => {
    if (!isColour || (saturation === null && hue === null)) return x;
    const [h, s, v] = toHsv(x);
    const turned = h.add(Math.round((hue ?? 0) / 360 * HUES)).remainder(HUES);
    return fromHsv(turned, whole(s.mul(saturation ?? 1)), v);
  };
  const bright = brightness === null ? images : whole(images.add(brightness));
  return isContrastFirst ? coloured(contrasted(bright)) : contrasted(coloured(bright));
}

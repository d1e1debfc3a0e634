import type { Config } from "../../config/schema.ts";
import type { Stream } from "../../random/stream.ts";
import { type CropBox, drawCropBox } from "./crop_box.ts";

/** The sections of a configuration that say how crops are made. */
export type CropSettings = Pick<Config, "crops" | "augmentation" | "data">;

/** How one kind of view is made from an image. */
interface ViewRecipe {
  /** Side of the square view in pixels. */
  readonly size: number;
  /** Least and greatest share of the image's area. */
  readonly scale: readonly [number, number];
  /** Probability of blurring. */
  readonly blur: number;
  /** Probability of solarizing. */
  readonly solarize: number;
}

/**
 * The views of an image: two global crops, of which the first stays sharp and the second is mostly blurred and
 * sometimes solarized, and any number of local crops.
 *
 * The probabilities of blurring are those the reference really applies, 0, 0.9 and 0.5: its source says 1, 0.1 and
 * 0.5, and hands them to a transform that takes them the other way round.
 */
export function viewRecipes(
  { crops, augmentation }: Pick<CropSettings, "crops" | "augmentation">,
): Record<"global1" | "global2" | "local", ViewRecipe> {
  const global = { size: crops.global_crops_size, scale: crops.global_crops_scale };
  const local = { size: crops.local_crops_size, scale: crops.local_crops_scale };
  return {
    global1: { ...global, blur: augmentation.global1_blur_p, solarize: 0 },
    global2: {
      ...global,
      blur: augmentation.global2_blur_p,
      solarize: augmentation.global2_solarize_p,
    },
    local: { ...local, blur: augmentation.local_blur_p, solarize: 0 },
  };
}

/** The four operations of colour jitter. */
export const JITTERS = ["brightness", "contrast", "saturation", "hue"] as const;

/** What was drawn for one view: everything random about it. */
export interface ViewDraw {
  /** What is cut out and resized. */
  readonly box: CropBox;
  /** Whether left and right are exchanged. */
  readonly flip: boolean;
  /** The order of {@linkcode JITTERS} by their numbers, and the strength of each; null when colours stay. */
  readonly jitter:
    | { readonly order: ArrayLike<number>; readonly strength: readonly number[] }
    | null;
  /** Whether its colours become gray. */
  readonly grayscale: boolean;
  /** Width of the blur in pixels; null when the view stays sharp. */
  readonly sigma: number | null;
  /** Whether bytes of 128 and more are inverted. */
  readonly solarize: boolean;
}

const SIGMA: readonly [number, number] = [0.1, 2];

/** Draws a view of an image. */
export function drawView(
  image: { readonly width: number; readonly height: number },
  recipe: ViewRecipe,
  augmentation: Config["augmentation"],
  stream: Stream,
): ViewDraw {
  const box = drawCropBox(image, recipe.scale, stream);
  const flip = stream.bernoulli(augmentation.horizontal_flip_p);
  const { brightness, contrast, saturation, hue } = augmentation;
  const around = (strength: number) => stream.uniform(Math.max(0, 1 - strength), 1 + strength);
  const jitter = stream.bernoulli(augmentation.color_jitter_p)
    ? {
      order: stream.permutation(JITTERS.length),
      strength: [
        around(brightness),
        around(contrast),
        around(saturation),
        stream.uniform(-hue, hue),
      ],
    }
    : null;
  const grayscale = stream.bernoulli(augmentation.grayscale_p);
  const sigma = stream.bernoulli(recipe.blur) ? stream.uniform(...SIGMA) : null;
  return { box, flip, jitter, grayscale, sigma, solarize: stream.bernoulli(recipe.solarize) };
}

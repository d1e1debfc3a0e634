import { Stream } from "../../random/stream.ts";
import { type CropSettings, drawView, type ViewDraw, viewRecipes } from "./recipe.ts";

/** What everything random about an image's crops follows from. */
export interface CropSeed {
  /** The run's seed. */
  readonly seed: number;
  /** The step the crops are for. */
  readonly iteration: number;
  /** The image's place in the batch, or of several images the first one's. Default: 0. */
  readonly place?: number;
}

/** A crop of an image as it was drawn. */
export interface DrawnCrop {
  /** What it was drawn to be. */
  readonly draw: ViewDraw;
  /** Its side in pixels. */
  readonly size: number;
}

/** Draws the crops of an image: two global ones, then the local ones. */
export function drawCrops(
  image: { readonly width: number; readonly height: number },
  settings: Pick<CropSettings, "crops" | "augmentation">,
  { seed, iteration, place = 0 }: CropSeed,
): DrawnCrop[] {
  const { global1, global2, local } = viewRecipes(settings);
  const locals = Array<typeof local>(settings.crops.local_crops_number).fill(local);
  const stream = new Stream(seed, "augment", iteration, place);
  return [global1, global2, ...locals].map((recipe) => ({
    size: recipe.size,
    draw: drawView(image, recipe, settings.augmentation, stream),
  }));
}

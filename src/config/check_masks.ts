import { sampleMasks } from "../vit/masking.ts";
import { Stream } from "../random/stream.ts";
import type { Config } from "./schema.ts";

/** Least part of the masked patches that were asked for: small grids have no room for blocks of four patches and more. */
const LEAST_PART = 1 / 3;

/** Grids that are looked at; larger ones have room for every block. */
const LARGEST = 32;

/**
 * Checks that masks hide about as many patches as the patch-level loss is to predict.
 *
 * @throws {RangeError} If they hide far fewer, or none; the message says what to change.
 */
export function checkMasks({ crops, student, ibot }: Config): void {
  if (ibot.loss_weight === 0 || ibot.mask_sample_probability === 0) return;
  const grid = crops.global_crops_size / student.patch_size;
  const ratio = ibot.mask_ratio_min_max, asked = (ratio[0] + ratio[1]) / 2;
  if (ratio[1] === 0) {
    throw new RangeError(
      "Cannot train the patch-level loss with empty masks: " +
        "raise ibot.mask_ratio_min_max=[0,0], for instance to [0.1,0.5], or set ibot.loss_weight=0",
    );
  }
  const hidden = maskedShare(grid, ratio);
  if (hidden >= LEAST_PART * asked) return;
  const enough = Array.from({ length: LARGEST }, (_, i) => i + 1)
    .find((size) => size > grid && maskedShare(size, ratio) >= 2 * LEAST_PART * asked);
  const larger = enough && `set crops.global_crops_size=${enough * student.patch_size} or more, `;
  throw new RangeError(
    `Cannot mask ${
      percent(asked)
    } of the patches of a crop, as ibot.mask_ratio_min_max=[${ratio}] asks: ` +
      `a grid of ${grid} x ${grid} has room for blocks that mask ${percent(hidden)}; ` +
      `${larger ?? "raise ibot.mask_ratio_min_max, "}or set ibot.loss_weight=0`,
  );
}

/** The mean share of the patches of a masked crop that are hidden, of 64 crops. */
function maskedShare(grid: number, ratio: readonly [number, number]): number {
  if (grid > LARGEST) return Infinity;
  const options = { crops: 64, grid, probability: 1, ratio };
  const { masks } = sampleMasks(options, new Stream(0, "mask check", 0));
  return masks.reduce((sum, masked) => sum + masked, 0) / masks.length;
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}

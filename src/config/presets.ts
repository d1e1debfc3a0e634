import { adviseName } from "./nearest_name.ts";
import type { Preset } from "./preset.ts";
import { cifar10 } from "./presets/cifar10.ts";
import { dino } from "./presets/dino.ts";
import { distilled } from "./presets/distilled.ts";
import { firstLight } from "./presets/first_light.ts";
import { highres } from "./presets/highres.ts";
import { imagenette } from "./presets/imagenette.ts";
import { photos10k } from "./presets/photos10k.ts";
import { vitb14 } from "./presets/vitb14.ts";
import { vitg14 } from "./presets/vitg14.ts";
import { vitl14 } from "./presets/vitl14.ts";
import { vitl16Short } from "./presets/vitl16_short.ts";
import { vits14 } from "./presets/vits14.ts";

/** The presets by name, from the smallest to the largest; the last two start from a trained network. */
export const presets = {
  first_light: firstLight,
  cifar10,
  imagenette,
  photos10k,
  dino,
  vits14,
  vitb14,
  vitl16_short: vitl16Short,
  vitl14,
  vitg14,
  highres,
  distilled,
} as const satisfies Record<string, Preset>;

/** The name of a preset. */
export type PresetName = keyof typeof presets;

/**
 * Finds a preset.
 *
 * @param name Its name.
 * @throws {RangeError} If there is none of that name.
 */
export function findPreset(name: string): Preset {
  if (Object.hasOwn(presets, name)) return presets[name as PresetName];
  throw new RangeError(
    `Cannot find the preset "${name}": ${adviseName(name, Object.keys(presets))}`,
  );
}

/**
 * Settings of a run, under the reference's names: presets, files of YAML, overrides; every one checked.
 *
 * @example A preset with two settings of one's own
 * ```ts
 * import { presets, resolveConfig } from "@deino/deino/config";
 *
 * const config = resolveConfig(presets.vits14.settings, {
 *   train: { dataset_path: "photos" },
 *   optim: { epochs: 20 },
 * });
 * console.log(config.student.arch, config.optim.epochs); // vit_small 20
 * ```
 *
 * @module
 */
export { type Config, schema, type Section, type Settings, type ValueOf } from "./schema.ts";
export { configKeys, findKey } from "./find_key.ts";
export { type Key, type Range } from "./key.ts";
export { describeAllowed } from "./check.ts";
export { flattenSettings, resolveConfig } from "./resolve.ts";
export { doubtsAbout } from "./doubts.ts";
export { type LoadedSettings, loadSettings } from "./load.ts";
export { parseOverrides } from "./overrides.ts";
export { findPreset, type PresetName, presets } from "./presets.ts";
export { type Preset } from "./preset.ts";
export { type MixtureEntry } from "./mixture_entry.ts";
export { effectiveBatch } from "./effective_batch.ts";

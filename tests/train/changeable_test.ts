import { assertEquals } from "@std/assert";
import { flattenSettings, resolveConfig } from "../../src/config/resolve.ts";
import type { Settings } from "../../src/config/schema.ts";
import { differingSettings, isChangeable } from "../../src/train/changeable.ts";

Deno.test("where a run computes and keeps its files may change, what it computes may not", () => {
  assertEquals(flattenSettings(resolveConfig()).map(([path]) => path).filter(isChangeable).sort(), [
    ...["checkpointing.max_to_keep", "checkpointing.period", "checkpointing.period_minutes"],
    ...["data.max_broken_fraction", "data.sources"],
    ...["evaluation.train_dataset_path", "evaluation.val_dataset_path"],
    ...["train.dataset_path", "train.device", "train.num_workers", "train.output_dir"],
  ]);
});

Deno.test("two configurations differ in what results depend on, each value as JSON", () => {
  const differing = (a: Settings, b: Settings = {}) =>
    differingSettings(resolveConfig(a), resolveConfig(b));
  assertEquals(differing({ train: { device: "cpu", num_workers: 3, output_dir: "runs/b" } }), []);
  assertEquals(differing({ train: { seed: 3 }, ibot: { mask_ratio_min_max: [0.2, 0.5] } }), [
    { path: "ibot.mask_ratio_min_max", found: "[0.2,0.5]", saved: "[0.1,0.5]" },
    { path: "train.seed", found: "3", saved: "0" },
  ]);
});

Deno.test("sources may lie elsewhere, each in its place, with its weight and filters", () => {
  const sources = (...sources: Required<Settings>["data"]["sources"] & object) => ({
    data: { sources },
  });
  const count = (a: Settings, b: Settings) =>
    differingSettings(resolveConfig(a), resolveConfig(b)).length;
  const first = { path: "/a", weight: 2 }, second = { path: "/b", weight: 1 };
  assertEquals(count(sources(first, second), sources({ ...first, path: "/c" }, second)), 0);
  assertEquals(count(sources(first, second), sources({ ...first, weight: 3 }, second)), 1);
  assertEquals(count(sources(first, second), sources(second, first)), 1);
  assertEquals(count(sources(first, second), sources(first)), 1);
  assertEquals(count(sources({ ...first, names: "/n" }), sources({ ...first, names: "/m" })), 0);
  assertEquals(count(sources({ ...first, names: "/n" }), sources(first)), 1);
});

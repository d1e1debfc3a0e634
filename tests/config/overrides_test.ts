import { assertEquals, assertThrows } from "@std/assert";
import { loadSettings } from "../../src/config/load.ts";
import { parseOverrides } from "../../src/config/overrides.ts";
import { resolveConfig } from "../../src/config/resolve.ts";
import type { Settings } from "../../src/config/schema.ts";
import { inTempFolder } from "../temp_folder.ts";

Deno.test("overrides are typed by the default of their key", () => {
  const { settings } = parseOverrides([
    "optim.base_lr=2e-3",
    "student.arch=vit_small",
    "ibot.separate_head=true",
    "ibot.mask_ratio_min_max=[0.2,0.4]",
    "crops.local_crops_scale=0.1,0.3",
    "train.dataset_path=2024",
  ]);
  assertEquals(settings, {
    optim: { base_lr: 0.002 },
    student: { arch: "vit_small" },
    ibot: { separate_head: true, mask_ratio_min_max: [0.2, 0.4] },
    crops: { local_crops_scale: [0.1, 0.3] },
    train: { dataset_path: "2024" },
  });
});

Deno.test("a number alone is a list of one, where words may stand for a list", () => {
  const of = (word: string) => parseOverrides([word]).settings;
  assertEquals(of("data.mean=0.5"), { data: { mean: [0.5] } });
  assertEquals(of("data.mean=0.5,0.25"), { data: { mean: [0.5, 0.25] } });
  assertEquals(of("data.std=auto"), { data: { std: "auto" } });
  assertThrows(
    () => resolveConfig(of("evaluation.nb_knn=20")),
    TypeError,
    "such as [10,20,100,200]",
  );
});

Deno.test("a word means what a file of YAML makes of it", async () => {
  const words = {
    "optim.epochs": ["20", "1_000", "010", "0x10", "1e2", "1.5", "much", "", "null"],
    "optim.base_lr": [".004", "4e-3", "1_0.5", "true"],
    "ibot.separate_head": ["true", "True", "false", "yes", "1"],
    "ibot.mask_ratio_min_max": ["[.4,1]", "[0.2, 0.4]", "[1,", "[[1]]"],
  };
  for (const [path, values] of Object.entries(words)) {
    const [section, key] = path.split(".");
    for (const value of values) {
      const typed = outcome(() => parseOverrides([`${path}=${value}`]).settings);
      const written = await outcomeOf(`${section}:\n  ${key}: ${value}\n`);
      if (written === "unreadable") assertEquals(typed.startsWith("Cannot set"), true, typed);
      else assertEquals(typed, written, `${path}=${value}`);
    }
  }
});

function outcome(settings: () => Settings): string {
  try {
    return JSON.stringify(resolveConfig(settings()));
  } catch (error) {
    return (error as Error).message;
  }
}

async function outcomeOf(yaml: string): Promise<string> {
  let settings: Settings | undefined;
  await inTempFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/a.yaml`, yaml);
    settings = await loadSettings(`${folder}/a.yaml`).then(
      (loaded) => loaded.settings,
      () => undefined,
    );
  });
  return settings === undefined ? "unreadable" : outcome(() => settings!);
}

Deno.test("the last of two overrides of a key wins", () => {
  assertEquals(parseOverrides(["optim.epochs=3", "optim.epochs=4"]).settings, {
    optim: { epochs: 4 },
  });
});

Deno.test("a word that sets nothing is refused with an example", () => {
  assertThrows(() => parseOverrides(["optim.epochs"]), TypeError, "optim.epochs=20");
});

Deno.test("a misspelt key is refused with the nearest name", () => {
  assertThrows(() => parseOverrides(["optim.epoch=3"]), RangeError, "optim.epochs?");
  assertThrows(() => parseOverrides(["base_lr=3"]), RangeError, "optim.base_lr?");
});

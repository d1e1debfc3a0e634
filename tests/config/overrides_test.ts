import { assertEquals, assertThrows } from "@std/assert";
import { parseOverrides } from "../../src/config/overrides.ts";

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

import { assertEquals, assertThrows } from "@std/assert";
import { isMixture } from "../../src/config/mixture_entry.ts";
import { resolveConfig } from "../../src/config/resolve.ts";

Deno.test("the ends of every range that includes them are allowed", () => {
  resolveConfig({ crops: { local_crops_scale: [0.3, 0.3], global_crops_scale: [0, 1] } });
  resolveConfig({ teacher: { momentum_teacher: 0, final_momentum_teacher: 1 } });
  resolveConfig({ optim: { layerwise_decay: 1, base_lr: 100 }, data: { channels: 3 } });
  resolveConfig({ checkpointing: { max_to_keep: 1 }, data: { max_broken_fraction: 1 } });
});

Deno.test("crops of 5 pixels are the smallest that a blur of 4 to each side fits", () => {
  const cropped = (side: number) =>
    resolveConfig({
      student: { patch_size: side },
      crops: { local_crops_size: side, global_crops_size: 10 * side },
      evaluation: { image_size: 0 },
    });
  cropped(5);
  assertThrows(() => cropped(4), RangeError, "Cannot blur local crops of 4 pixels");
});

Deno.test("sources of a mixture may be square, a pixel wide, balanced not at all or wholly", () => {
  const isEntry = (settings: Record<string, number>) => isMixture([{ path: "a", ...settings }]);
  for (
    const [name, allowed, refused] of [
      ["max_aspect", [1, 1.5], 0.99],
      ["min_size", [1, 224], 0],
      ["class_balance", [0, 0.5, 1], 1.01],
      ["weight", [0.001, 3], 0],
    ] as [string, number[], number][]
  ) {
    assertEquals(allowed.map((value) => isEntry({ [name]: value })), allowed.map(() => true), name);
    assertEquals(isEntry({ [name]: refused }), false, name);
  }
});

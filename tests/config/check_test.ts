import { assertEquals, assertThrows } from "@std/assert";
import { checkValue, describeAllowed } from "../../src/config/check.ts";
import { configKeys } from "../../src/config/find_key.ts";
import { integer, type Key, type Range } from "../../src/config/key.ts";
import type { Settings } from "../../src/config/schema.ts";
import { isMixture } from "../../src/config/mixture_entry.ts";
import { resolveConfig } from "../../src/config/resolve.ts";
import recorded from "./allowed.json" with { type: "json" };

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

Deno.test("every key allows what was recorded", () => {
  const allowed = [...configKeys].map(([path, key]) => [path, describeAllowed(key)]);
  assertEquals(Object.fromEntries(allowed), recorded);
});

Deno.test("each end of a range is allowed or refused as its bracket says", () => {
  const key = (range: Range): Key<number> => ({ kind: "number", default: 1, doc: "", ...range });
  const allows = (range: Range, value: number) => {
    try {
      return checkValue("a.b", key(range), value) === value;
    } catch {
      return false;
    }
  };
  const ranges: [range: Range, ends: boolean[], words: string][] = [
    [{ min: 0, max: 2 }, [true, true], "a number in [0, 2]"],
    [{ above: 0, max: 2 }, [false, true], "a number in (0, 2]"],
    [{ min: 0, below: 2 }, [true, false], "a number in [0, 2)"],
    [{ above: 0, below: 2 }, [false, false], "a number in (0, 2)"],
    [{ min: 0 }, [true, true], "a number of at least 0"],
    [{ above: 0 }, [false, true], "a number above 0"],
    [{ max: 2 }, [true, true], "a number of at most 2"],
    [{ below: 2 }, [true, false], "a number below 2"],
    [{}, [true, true], "a number"],
  ];
  for (const [range, ends, words] of ranges) {
    assertEquals([[0, 2].map((end) => allows(range, end)), describeAllowed(key(range))], [
      ends,
      words,
    ]);
    assertEquals([allows(range, -0.01), allows(range, 2.01), allows(range, 1)], [
      range.min === undefined && range.above === undefined,
      range.max === undefined && range.below === undefined,
      true,
    ]);
  }
  assertEquals([integer(3, "").min, integer(3, "", {}).min], [0, undefined]);
});

Deno.test("a rate that rises to its least only, one iteration and one masked crop are the least of a run", () => {
  const base_lr = 2e-4, batch_size_per_gpu = 4, peak = base_lr / 16;
  resolveConfig({ optim: { base_lr, min_lr: peak }, train: { batch_size_per_gpu } });
  assertThrows(
    () => resolveConfig({ optim: { base_lr, min_lr: peak * 1.01 }, train: { batch_size_per_gpu } }),
    RangeError,
    "Cannot let a learning rate of 0.000013 fall",
  );
  const optim = (epochs: number) => ({ optim: { epochs, warmup_epochs: 0 } });
  resolveConfig(optim(1 / 1250));
  assertThrows(() => resolveConfig(optim(0.99 / 1250)), RangeError, "epochs=0.0008 or more");
  const masks = (mask_sample_probability: number) =>
    resolveConfig({ ibot: { mask_sample_probability }, train: { batch_size_per_gpu } });
  masks(1 / 8);
  assertThrows(() => masks(0.99 / 8), RangeError, "of 8 global crops");
  resolveConfig({ optim: { epochs: 3, warmup_epochs: 2.99 } });
});

Deno.test("a device is a word or a number behind cuda", () => {
  for (const device of ["auto", "cpu", "cuda", "cuda:0", "cuda:12"]) {
    resolveConfig({ train: { device } });
  }
  for (const device of ["cuda:", "cuda:x", "CPU", "cpu:0", " cpu", ""]) {
    assertThrows(
      () => resolveConfig({ train: { device } }),
      RangeError,
      "auto, cpu, cuda or cuda:N",
    );
  }
});

Deno.test("images of other channels may come from several sources, not from the built-in dataset", () => {
  const of = (settings: Settings) =>
    resolveConfig({ data: { channels: 1, ...settings.data }, train: settings.train });
  of({ data: { sources: [{ path: "a" }] } });
  of({ train: { dataset_path: "a" } });
  assertThrows(() => of({}), RangeError, "red, green and blue");
});

import { assertEquals, assertThrows } from "@std/assert";
import { presets } from "../../src/config/presets.ts";
import { resolveConfig } from "../../src/config/resolve.ts";
import { checkMemory } from "../../src/train/check_memory.ts";
import { testTensor } from "../helpers.ts";

const GB = 2 ** 30;
const large = resolveConfig(presets.vitl14.settings);

testTensor(
  "a run beyond all memory is refused, with micro-batches of which a step learns the same",
  () => {
    assertThrows(
      () => checkMemory(large, "cpu", { total: 24 * GB, free: 24 * GB }),
      RangeError,
      "Set train.batch_size_per_gpu=8 train.accumulate=4: each step still learns from 32 images",
    );
    const accumulated = resolveConfig(large, { train: { batch_size_per_gpu: 8, accumulate: 4 } });
    assertEquals(checkMemory(accumulated, "cpu", { total: 24 * GB, free: 24 * GB }), undefined);
  },
);

testTensor("a network that fits in no batch is refused, with the largest that does", () => {
  const message = (total: number) =>
    assertThrows(() => checkMemory(large, "cpu", { total, free: total }), RangeError).message;
  assertEquals(
    /Set student.arch=(\w+) train.batch_size_per_gpu=1 /.exec(message(7 * GB))?.[1],
    "vit_base",
  );
  assertEquals(/Set smaller crops/.test(message(GB / 2)), true);
});

testTensor("on a GPU it is the card's memory that refuses a run, or warns", () => {
  const of = (total: number, free: number) =>
    checkMemory(large, "cuda", { total: total * GB, free: free * GB });
  assertThrows(() => of(8, 8), RangeError, "Cannot train in 8 GB of memory");
  assertEquals(/are free now: it may run out of it/.test(of(80, 8)!), true);
  assertEquals(of(80, 79), undefined);
});

testTensor("a run that fits in all memory but not in what is free is told so", () => {
  const config = resolveConfig(presets.first_light.settings);
  assertEquals(checkMemory(config, "cpu", { total: GB, free: GB }), undefined);
  assertEquals(
    checkMemory(config, "cpu", { total: GB, free: 0.1 * GB })?.replace(/about [\d.]+/, "about X"),
    "This run needs about X GB of memory, and 0.1 GB of 1 GB are free now: " +
      "it may be slow, or be killed by the system",
  );
});

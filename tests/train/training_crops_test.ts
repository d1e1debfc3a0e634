import "../native.ts";
import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { resolveConfig } from "../../src/config/resolve.ts";
import type { Settings } from "../../src/config/schema.ts";
import { openImages } from "../../src/data/sources/open.ts";
import { scope } from "../../src/tensor/scope.ts";
import type { Run } from "../../src/train/run.ts";
import { openTrainingCrops } from "../../src/train/training_crops.ts";
import { countedWorkers } from "./counted_workers.ts";
import { withSmallRun } from "./small_run.ts";

/** Crops of red, green and blue, which workers make, and of gray, which tensors do. */
const CHANNELS = [3, 1] as const;

/** What a run's crops are made from, where it stands. */
async function standing(
  data: string,
  config: Run["config"],
  settings: Settings,
  { done = 0, position = 0, skipped = [] }: Partial<Pick<Run, "done" | "position" | "skipped">> =
    {},
): Promise<Run> {
  const { channels } = resolveConfig(config, settings).data;
  const images = await openImages(join(data, "train"), { channels });
  const run = { config: resolveConfig(config, settings), device: "cpu", images, done, position };
  return { ...run, skipped, onEvent: () => {} } as Partial<Run> as Run;
}

/** The values of the global crops of the next batch's last part. */
async function nextCrops(run: Run): Promise<string> {
  using source = openTrainingCrops(run);
  for await (const { cropsOf } of source.batches()) {
    const last = run.config.train.accumulate - 1;
    return scope(() => cropsOf(last).globalCrops.flatten().narrow(0, 0, 64).toList()).toString();
  }
  return "none";
}

const changes: readonly Settings[] = [
  { train: { seed: 7 } },
  { train: { batch_size_per_gpu: 2, accumulate: 2 } },
  { crops: { global_crops_scale: [0.05, 0.1] } },
  { augmentation: { brightness: 0, contrast: 0 } },
];

for (const channels of CHANNELS) {
  const common: Settings = { data: { channels, mean: Array(channels).fill(0.5) } };
  const std = (value: number) => ({ data: { ...common.data, std: Array(channels).fill(value) } });

  Deno.test(`seed, parts, sizes, colours and normalisation of crops of ${channels} channels are the run's`, () =>
    withSmallRun({}, async ({ data, config }) => {
      const cropsOf = async (settings: Settings) =>
        await nextCrops(await standing(data, config, { ...settings, data: std(0.25).data }));
      const own = await cropsOf({});
      assertEquals(await cropsOf({}), own);
      for (const change of changes) {
        assertNotEquals(await cropsOf(change), own, JSON.stringify(change));
      }
      assertNotEquals(await nextCrops(await standing(data, config, std(0.5))), own);
    }));

  Deno.test(`crops of ${channels} channels go on where the run stands, with the files it has skipped`, () =>
    withSmallRun({}, async ({ data, config }) => {
      const skipped = [{ path: "bars/0000.jpg", reason: "broken" }];
      const at = { done: 3, position: 12, skipped };
      using source = openTrainingCrops(await standing(data, config, common, at));
      for await (const { iteration, position, images } of source.batches()) {
        assertEquals([iteration, position, images], [3, 16, 4]);
        break;
      }
      assertEquals(source.brokenFiles, skipped);
      const whole = await nextCrops(await standing(data, config, common));
      assertNotEquals(await nextCrops(await standing(data, config, common, at)), whole);
    }));

  Deno.test(`images of ${channels} channels are decoded by as many workers, and to such limits, as the run asks`, () =>
    withSmallRun({}, async ({ data, config }) => {
      const three = await standing(data, config, { ...common, train: { num_workers: 3 } });
      const counts = await countedWorkers(async () => void await nextCrops(three));
      assertEquals(counts, { started: 3, ended: 3 });
      const few = { data: { ...common.data, max_pixels: 100, max_broken_fraction: 0.3 } };
      const run = await standing(data, config, few);
      await assertRejects(() => nextCrops(run), Error, "tolerated share of 0.3");
    }));
}

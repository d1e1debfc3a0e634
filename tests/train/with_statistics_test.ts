import "../native.ts";
import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { resolveConfig } from "../../src/config/resolve.ts";
import type { Config, Settings } from "../../src/config/schema.ts";
import { openImages } from "../../src/data/sources/open.ts";
import { withStatistics } from "../../src/train/with_statistics.ts";
import { countedWorkers } from "./counted_workers.ts";
import { withSmallRun } from "./small_run.ts";

Deno.test("mean and deviation are computed where they are asked for, by the run's workers and limits, and told", () =>
  withSmallRun({ train: { num_workers: 3 } }, async ({ data, config }) => {
    const folder = join(data, "train"), notes: string[] = [];
    const computed = async (settings: Settings["data"]): Promise<Config["data"]> => {
      const asked = resolveConfig(config, { data: settings });
      return (await withStatistics(asked, await openImages(folder), (text) => notes.push(text)))
        .data;
    };
    assertEquals(await computed({}), config.data);
    const given = await computed({ mean: "auto", std: [0.1, 0.2, 0.3] });
    assertEquals([given.std, given.mean.length, notes.length], [[0.1, 0.2, 0.3], 3, 1]);
    assertMatch(notes[0], /^Normalising by data\.mean=\[0\.\d+,.*\] data\.std=\[0\.1,0\.2,0\.3\]$/);
    const counts = await countedWorkers(async () => {
      const { mean, std } = await computed({ mean: [0.1, 0.2, 0.3], std: "auto" });
      assertEquals([mean, std.length], [[0.1, 0.2, 0.3], 3]);
    });
    assertEquals(counts, { started: 3, ended: 3 });
    const few = { mean: "auto", max_pixels: 100, max_broken_fraction: 0.3 } as const;
    await assertRejects(() => computed(few), Error, "tolerated share of 0.3");
  }));

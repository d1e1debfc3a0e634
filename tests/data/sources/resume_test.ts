import { assertEquals } from "@std/assert";
import { DecodePool } from "../../../src/data/decode_pool.ts";
import { trainingBatches } from "../../../src/data/loader.ts";
import type { MixtureEntry } from "../../../src/config/mixture_entry.ts";
import { openSources } from "../../../src/data/sources/open.ts";
import { CASES } from "./cases.ts";

const sources: Readonly<Record<string, readonly (string | MixtureEntry)[]>> = {
  "tar shards": [`${CASES}img2dataset`],
  "parquet files": [`${CASES}hub_splits`],
  "ImageNet": [`ImageNet:split=TRAIN:root=${CASES}imagenet/root`],
  "several sources in turn": [`${CASES}img2dataset`, `${CASES}hub_splits`],
  "several sources by weight": [
    { path: `${CASES}img2dataset`, weight: 1 },
    { path: `${CASES}hub_splits`, weight: 2, class_balance: 1 },
  ],
};

Deno.test("a run that stops within a shard goes on with the images it would have had, from each source", async () => {
  using pool = new DecodePool({ workers: 1 });
  for (const [name, asked] of Object.entries(sources)) {
    const folder = await openSources(asked);
    const batches = async (count: number, position = 0) => {
      const indices: (readonly number[])[] = [];
      using loader = trainingBatches(folder, { seed: 11, batchSize: 3, position, pool });
      for await (const batch of loader) {
        indices.push(batch.indices);
        position = batch.position;
        if (indices.length === count) break;
      }
      return { indices, position };
    };
    const unbroken = await batches(8);
    const before = await batches(3);
    const after = await batches(5, before.position);
    assertEquals([...before.indices, ...after.indices], unbroken.indices, name);
  }
});

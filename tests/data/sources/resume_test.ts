import "../../native.ts";
import { assertEquals } from "@std/assert";
import { createHash } from "node:crypto";
import type { DecodedImage } from "../../../src/data/image.ts";
import { DecodePool } from "../../../src/data/decode_pool.ts";
import { trainingBatches } from "../../../src/data/loader.ts";
import type { MixtureEntry } from "../../../src/config/mixture_entry.ts";
import { openSources } from "../../../src/data/sources/open.ts";
import { CASES, withUnpacked } from "./cases.ts";

type Sources = readonly (string | MixtureEntry)[];

/** Sources of every kind, and several as one. */
function sourcesIn(variants: string): Readonly<Record<string, Sources>> {
  return {
    "a folder": [`${CASES}imagenet/root/train`],
    "a list": [`${variants}/quoted.csv`],
    "tar shards": [`${CASES}img2dataset`],
    "a gzipped shard": [`${variants}/parts.tar.gz`],
    "parquet files": [`${CASES}hub_splits`],
    "a zip archive": [`${variants}/large_fields.zip`],
    "ImageNet": [`ImageNet:split=TRAIN:root=${CASES}imagenet/root`],
    "several sources in turn": [`${CASES}img2dataset`, `${CASES}hub_splits`],
    "several sources by weight": [
      { path: `${CASES}img2dataset`, weight: 1 },
      { path: `${CASES}hub_splits`, weight: 2, class_balance: 1 },
      { path: `${variants}/large_fields.zip`, label: "none" },
    ],
  };
}

Deno.test("a run that stops within a shard goes on with the images it would have had, from each source", async () => {
  using pool = new DecodePool({ workers: 1 });
  await withUnpacked("variants", async (variants) => {
    for (const [name, asked] of Object.entries(sourcesIn(variants))) {
      const batches = async (count: number, position = 0) => {
        const folder = await openSources(asked); // anew, as a run does that goes on
        const images: string[] = [];
        using loader = trainingBatches(folder, { seed: 11, batchSize: 3, position, pool });
        for await (const batch of loader) {
          images.push(...batch.images.map((image, i) => `${batch.indices[i]} ${hashOf(image)}`));
          position = batch.position;
          if (images.length === 3 * count) break;
        }
        return { images, position };
      };
      const unbroken = await batches(8);
      const before = await batches(3);
      const after = await batches(5, before.position);
      assertEquals([...before.images, ...after.images], unbroken.images, name);
    }
  });
});

function hashOf({ pixels: { buffer, byteOffset, byteLength } }: DecodedImage): string {
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  return createHash("sha256").update(bytes).digest("hex");
}

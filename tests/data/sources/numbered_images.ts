/**
 * Sources of images that are known by their numbers, as `numbered_image.py` makes them.
 *
 * @module
 */
import { assertEquals, assertRejects } from "@std/assert";
import { createHash } from "node:crypto";
import { DecodePool } from "../../../src/data/decode_pool.ts";
import { openImages } from "../../../src/data/sources/open.ts";
import { epochHashes, listed, withUnpacked } from "./cases.ts";

export type NumberedImage = readonly [path: string, image: number, className?: string];

/** Names of images in their source, their numbers and classes, and why others are left out. */
export interface Found {
  readonly images: readonly NumberedImage[];
  readonly leftOut?: readonly string[];
}

/** The SHA-256 of the pixels of an image by its number. */
function hashOf(number: number): string {
  const pixels = new Uint8Array(8 * 6 * 3).fill(37 * number % 256);
  pixels.set([number, 255 - number, 7]);
  return createHash("sha256").update(pixels).digest("hex");
}

/** Asserts that listings and an epoch of training hold what each source of an archive of `cases/` does. */
export async function assertFound(
  archive: string,
  sources: Readonly<Record<string, Found>>,
): Promise<void> {
  using pool = new DecodePool({ workers: 1 });
  await withUnpacked(archive, async (folder) => {
    for (const [source, { images, leftOut = [] }] of Object.entries(sources)) {
      const [name, label] = source.split(":none");
      const options = label === undefined ? {} : { label: "none" };
      const path = `${folder}/${name}`;
      const found = await listed(path, options, pool);
      const prefix = name.match(/\.(tar|zip|parquet)/i) ? `${name.split(":")[0]}/` : "";
      assertEquals(
        found.images.map((image) => [image.path, image.sha256, image.class ?? undefined]),
        images.map(([path, number, name]) => [prefix + path, hashOf(number), name]),
        source,
      );
      assertEquals(found.leftOut.map(({ reason }) => reason), leftOut, source);
      if (images.length === 0) continue;
      const trained = await epochHashes(await openImages(path, options), images.length, pool);
      assertEquals(trained, images.map(([, number]) => hashOf(number)).sort(), source);
    }
  });
}

/** Asserts that sources are refused with a reason. */
export async function assertRefused(
  archive: string,
  reasons: Readonly<Record<string, string>>,
): Promise<void> {
  await withUnpacked(archive, async (folder) => {
    for (const [name, reason] of Object.entries(reasons)) {
      await assertRejects(() => openImages(`${folder}/${name}`), Error, reason);
    }
  });
}

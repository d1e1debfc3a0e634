/**
 * Sources as other programs write them, and what is in them. Each case is a folder or an archive in `cases/`, beside a
 * file of what is right: class and size of each image, and the SHA-256 of its RGB bytes as Pillow decodes them.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import type { ImageFolder } from "../../../src/data/folder.ts";
import { DecodePool } from "../../../src/data/decode_pool.ts";
import { trainingBatches } from "../../../src/data/loader.ts";
import { openImages } from "../../../src/data/sources/open.ts";
import { createHash } from "node:crypto";
import { inTempFolder } from "../../temp_folder.ts";
import { listLines } from "../../../tasks/data/list.ts";

/** Where the cases lie. */
export const CASES = fromFileUrl(new URL("cases/", import.meta.url));

/** What is right about an image. */
export interface RightImage {
  /** Where several sources are told apart, the shard. */
  readonly source?: string;
  /** The number of its class. */
  readonly label: number | null;
  /** The name of its class. */
  readonly class?: string;
  /** SHA-256 of its RGB bytes. */
  readonly sha256?: string;
  /** Why it cannot be read. */
  readonly unreadable?: string;
}

/** What is right about a case. */
export function right<T = RightImage[]>(name: string): T {
  return JSON.parse(Deno.readTextFileSync(`${CASES}${name}.json`));
}

/** What `deno task data list --hash` says of a source: its images, and what is left out. */
export async function listed(data: string, options: { label?: string } = {}, pool?: DecodePool) {
  // deno-lint-ignore no-explicit-any
  const lines: any[] = await Array.fromAsync(
    listLines({ data: [data], workers: 1, ...options }, { hashes: true, pool }),
  );
  return {
    images: lines.filter((line) => "path" in line),
    leftOut: lines.filter((line) => !("path" in line)),
  };
}

/** Asserts that a listing and an epoch of training hold the right images with the right classes. */
export async function assertImages(
  data: string,
  expected: readonly RightImage[],
  options: { label?: string; labels?: "numbers" | "names" } = {},
): Promise<void> {
  using pool = new DecodePool({ workers: 1 });
  const readable = expected.filter(({ sha256 }) => sha256 !== undefined);
  const all = (await listed(data, options, pool)).images;
  const found = all.filter(({ label, path }) => label !== null || path !== "root.jpg"); // which has no class
  assertEquals(found.map(({ sha256 }) => sha256), readable.map(({ sha256 }) => sha256));
  const { labels = "numbers" } = options;
  if (labels === "numbers") {
    assertEquals(found.map(({ label }) => label), readable.map(({ label }) => label));
  }
  const names = readable.filter((image) => "class" in image);
  if (names.length === readable.length) {
    assertEquals(found.map((image) => image.class), names.map((image) => image.class));
  }
  const trained = await epochHashes(await openImages(data, options), all.length, pool);
  assertEquals(trained, all.map(({ sha256 }) => sha256).sort());
}

/** Hashes of the readable images of one epoch of training, sorted. */
export async function epochHashes(
  folder: ImageFolder,
  batchSize: number,
  pool: DecodePool,
): Promise<string[]> {
  using loader = trainingBatches(folder, { batchSize, pool, maxBrokenFraction: 1 });
  for await (const { images } of loader) {
    return images.map(({ pixels: { buffer, byteOffset, byteLength } }) => {
      const bytes = new Uint8Array(buffer, byteOffset, byteLength);
      return createHash("sha256").update(bytes).digest("hex");
    }).sort();
  }
  return [];
}

/** Unpacks a case into a folder. */
export async function unpack(name: string, folder: string): Promise<string> {
  const { success } = await new Deno.Command("tar", {
    args: ["-xzf", `${CASES}${name}.tar.gz`, "-C", folder],
  }).output();
  assertEquals(success, true);
  return `${folder}/${name}`;
}

/** Runs the body with a case unpacked into a folder, and a cache of its own. */
export async function withUnpacked(
  name: string,
  body: (folder: string) => void | Promise<void>,
): Promise<void> {
  await inTempFolder(async (temporary) => {
    Deno.env.set("DEINO_CACHE", `${temporary}/cache`);
    try {
      await body(await unpack(name, temporary));
    } finally {
      Deno.env.delete("DEINO_CACHE");
    }
  });
}

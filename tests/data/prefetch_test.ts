import { assert, assertEquals } from "@std/assert";
import { Prefetch, type PrefetchSource } from "../../src/data/prefetch.ts";
import type { DecodedImage } from "../../src/data/image.ts";

const MEGABYTE = 2 ** 20;

function imageOf(bytes: number): DecodedImage {
  return { width: 1, height: 1, pixels: new Uint8Array(bytes) };
}

/** A source of images of one size, which counts how many it has begun. */
function source(size: number, bytes: number): PrefetchSource & { begun: number } {
  return {
    begun: 0,
    indexAt: (position) => position < size ? position : undefined,
    decode() {
      this.begun++;
      return Promise.resolve(imageOf(bytes));
    },
  };
}

Deno.test("images come in order although later ones are decoded first", async () => {
  const delays = [3, 1, 2, 0];
  const prefetch = new Prefetch(
    {
      indexAt: (position) => position < 4 ? position : undefined,
      decode: async (index) => {
        for (let i = 0; i < delays[index]; i++) await Promise.resolve();
        return imageOf(3);
      },
    },
    1,
    { items: 4, bytes: MEGABYTE },
  );
  const taken = [await prefetch.take(), await prefetch.take(), await prefetch.take()];
  assertEquals(taken.map((item) => item?.index), [1, 2, 3]);
  assertEquals(await prefetch.take(), undefined);
});

Deno.test("no more images are begun than the limit of items", async () => {
  const images = source(100, 3);
  const prefetch = new Prefetch(images, 0, { items: 5, bytes: 1000 * MEGABYTE });
  await prefetch.take();
  assertEquals(images.begun, 6);
});

Deno.test("large images fill the limit of bytes before that of items", async () => {
  const images = source(100, 10 * MEGABYTE);
  const prefetch = new Prefetch(images, 0, { items: 64, bytes: 40 * MEGABYTE });
  for (let i = 0; i < 30; i++) await prefetch.take();
  assert(images.begun - 30 <= 4, `${images.begun - 30} images ahead`);
});

Deno.test("an image above the whole limit of bytes still comes", async () => {
  const prefetch = new Prefetch(source(3, 2000), 0, { items: 4, bytes: 1000 });
  const taken = [await prefetch.take(), await prefetch.take(), await prefetch.take()];
  assertEquals(taken.map((item) => item?.index), [0, 1, 2]);
});

Deno.test("images that the source passes over are left out", async () => {
  const prefetch = new Prefetch(
    {
      indexAt: (position) => position < 4 ? position : undefined,
      decode: (index) => index % 2 === 0 ? undefined : Promise.resolve(imageOf(3)),
    },
    0,
    { items: 4, bytes: MEGABYTE },
  );
  assertEquals((await prefetch.take())?.position, 1);
  assertEquals((await prefetch.take())?.position, 3);
  assertEquals(await prefetch.take(), undefined);
});

Deno.test("the bytes of images that were taken make room for others", async () => {
  const images = source(1000, MEGABYTE);
  const prefetch = new Prefetch(images, 0, { items: 8, bytes: 100 * MEGABYTE });
  for (let i = 0; i < 300; i++) await prefetch.take();
  assertEquals(images.begun - 300, 8);
});

Deno.test("images that fill the limit of bytes exactly are begun", async () => {
  const images = source(100, 4 * MEGABYTE);
  const prefetch = new Prefetch(images, 0, { items: 64, bytes: 12 * MEGABYTE });
  for (let i = 0; i < 30; i++) await prefetch.take();
  for (let i = 0; i < 5; i++) await Promise.resolve();
  await prefetch.take();
  assertEquals(images.begun - 31, 3);
});

Deno.test("until one is decoded, images are taken for 2 MiB each", async () => {
  let begun = 0;
  const waiting = Promise.withResolvers<DecodedImage>();
  const decode = () => (begun++, waiting.promise);
  const prefetch = new Prefetch({ indexAt: (position) => position, decode }, 0, {
    items: 64,
    bytes: 20 * MEGABYTE,
  });
  const taken = prefetch.take();
  assertEquals(begun, 10);
  waiting.resolve(imageOf(3));
  await taken;
});

Deno.test("a large image weighs half after 35 that follow", async () => {
  for (const [megabytes, expected] of [[127, 4], [125, 3]]) {
    let begun = 0, end = 36;
    const images: PrefetchSource = {
      indexAt: (position) => position < end ? position : undefined,
      decode: (index) =>
        index < 36
          ? Promise.resolve(imageOf(index === 0 ? 64 * MEGABYTE : 0))
          : new Promise(() => begun++),
    };
    const prefetch = new Prefetch(images, 0, { items: 64, bytes: megabytes * MEGABYTE });
    for (let i = 0; i < 36; i++) await prefetch.take();
    end = Infinity;
    prefetch.take();
    assertEquals(begun, expected);
  }
});

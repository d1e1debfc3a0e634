import { assertEquals, assertStrictEquals } from "@std/assert";
import { ImageCache } from "../../src/data/image_cache.ts";

Deno.test("images stay while there is room, and the first ones are never driven out", () => {
  const images = [6, 6, 4].map((bytes) => ({
    width: 1,
    height: 1,
    pixels: new Uint8Array(bytes),
  }));
  const cache = new ImageCache(10);
  images.forEach((image, index) => cache.offer(index, image));
  assertStrictEquals(cache.get(0), images[0]);
  assertEquals(cache.get(1), undefined);
  assertStrictEquals(cache.get(2), images[2]);
});

Deno.test("there is room while 2 MiB are free, and what is in memory twice is counted once", () => {
  const image = (bytes: number) => ({ width: 1, height: 1, pixels: new Uint8Array(bytes) });
  const cache = new ImageCache(2 ** 21 + 1);
  cache.offer(0, image(1));
  cache.offer(0, image(1));
  assertEquals(cache.hasRoom, true);
  cache.offer(1, { ...image(0), target: new Uint8Array(1) });
  assertEquals(cache.hasRoom, false);
  cache.offer(2, image(2 ** 21 - 1));
  assertEquals(cache.get(2)?.width, 1, "what fits exactly is kept");
});

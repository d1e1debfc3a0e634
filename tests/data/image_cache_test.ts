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

import { assertEquals } from "@std/assert";
import { resolveConfig } from "../../src/config/resolve.ts";
import { MAX_PIXELS } from "../../src/data/image.ts";
import { decodingOf } from "../../src/train/training_data.ts";

Deno.test("a run decodes as the reference does unless told otherwise", () => {
  const { data } = resolveConfig();
  assertEquals(decodingOf(data), { channels: 3, exif: "ignore", maxPixels: MAX_PIXELS });
  const asked = decodingOf({ ...data, channels: 4, exif: "apply", max_pixels: 9 });
  assertEquals(asked, { channels: 4, exif: "apply", maxPixels: 9 });
});

import { assertEquals, assertNotEquals } from "@std/assert";
import { resolveConfig } from "../../../src/config/resolve.ts";
import { drawCrops } from "../../../src/data/augment/draw_crops.ts";

const settings = resolveConfig({ crops: { local_crops_number: 2 } });
const image = { width: 500, height: 375 };
const place = { seed: 3, iteration: 2, place: 1 };

Deno.test("what is drawn is told by seed, step and place, and stays what it was, so that runs can be repeated", () => {
  const [first, second, local] = drawCrops(image, settings, place);
  assertEquals([first.size, second.size, local.size], [224, 224, 96]);
  assertEquals(first.draw.box, { top: 2, left: 41, height: 362, width: 302 });
  assertEquals(second.draw.box, { top: 2, left: 91, height: 371, width: 323 });
  assertEquals(local.draw.box, { top: 196, left: 59, height: 154, width: 197 });
  assertEquals(Array.from(second.draw.jitter!.order), [0, 2, 1, 3]);
  assertEquals([first.draw.sigma, second.draw.sigma], [null, 1.8642100061496376]);
  for (const changed of [{ seed: 4 }, { iteration: 3 }, { place: 2 }]) {
    assertNotEquals(
      drawCrops(image, settings, { ...place, ...changed })[0].draw.box,
      first.draw.box,
    );
  }
});

Deno.test("global crops come first, and one local crop more leaves the others as they are", () => {
  const more = resolveConfig({ crops: { local_crops_number: 3 } });
  const drawn = drawCrops(image, settings, place);
  assertEquals(drawCrops(image, more, place).slice(0, 4), drawn);
  assertNotEquals(drawn[2].draw, drawn[3].draw);
});

import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import type { ImageFolder } from "../../src/data/folder.ts";
import { scanImageFolder } from "../../src/data/sources/folder.ts";
import { channelStatistics } from "../../src/data/statistics.ts";
import { assertClose } from "../helpers.ts";
import { inTempFolder } from "../temp_folder.ts";
import { writePng } from "./codec/write_png.ts";

Deno.test("mean and deviation are those of all pixels of all images", async () => {
  await inTempFolder(async (root) => {
    const a = [0, 51, 102, 153], b = [255, 204];
    Deno.writeFileSync(join(root, "a.png"), writePng({ width: 2, height: 2, values: a }));
    Deno.writeFileSync(join(root, "b.png"), writePng({ width: 2, height: 1, values: b }));
    const folder = await scanImageFolder(root);
    const { mean, std } = await channelStatistics(folder, { channels: 1, workers: 1 });
    const light = [...a, ...b].map((value) => value / 255);
    assertClose([...mean], [0.5], { atol: 1e-6 });
    const variance = light.reduce((sum, value) => sum + (value - 0.5) ** 2, 0) / 6;
    assertClose([...std], [Math.sqrt(variance)], { atol: 1e-6 });
    assertEquals((await channelStatistics(folder, { workers: 1 })).mean.length, 3);
  });
});

Deno.test("a channel without contrast cannot be normalised", async () => {
  await inTempFolder(async (root) => {
    Deno.writeFileSync(join(root, "a.png"), writePng({ width: 2, height: 1, values: [7, 7] }));
    const folder = await scanImageFolder(root);
    await assertRejects(
      () => channelStatistics(folder, { channels: 1, workers: 1 }),
      Error,
      "the same in every pixel",
    );
  });
});

/** A folder of as many images as there are values, each of one gray in a file of its own kind. */
function grays(root: string, values: readonly number[], files: number): ImageFolder {
  const paths = values.map((_, i) => `${i % files}.png`);
  for (let i = 0; i < files; i++) {
    const pixels = [values[i], values[i]];
    Deno.writeFileSync(join(root, `${i}.png`), writePng({ width: 1, height: 2, values: pixels }));
  }
  return { root, paths };
}

Deno.test("of more than 5,000 images 5,000 are looked at, spread over all", async () => {
  await inTempFolder(async (root) => {
    const { paths } = grays(root, [0, 51, 102, 255], 4);
    const order = Array.from({ length: 10_000 }, (_, i) => paths[[0, 3, 1, 2][i % 4]]);
    const options = { channels: 1, workers: 1 };
    const { mean } = await channelStatistics({ root, paths: order }, options);
    assertClose([...mean], [0.1], { atol: 1e-6 }); // of the even places
  });
});

Deno.test("images beyond a limit of pixels are left out, as many as may be, and threads are as told", async () => {
  await inTempFolder(async (root) => {
    const { paths } = grays(root, [51, 102], 2);
    await Deno.writeFile(
      join(root, "large.png"),
      writePng({ width: 1, height: 3, values: [9, 9, 9] }),
    );
    const folder = { root, paths: [...paths, "large.png"] };
    const options = { channels: 1, workers: 1, maxPixels: 2 };
    const { mean } = await channelStatistics(folder, options);
    assertClose([...mean], [0.3], { atol: 1e-6 });
    const strict = { ...options, maxBrokenFraction: 0 };
    await assertRejects(() => channelStatistics(folder, strict), Error, "1x3 pixels exceed");
    const none = { ...options, workers: 0 };
    await assertRejects(() => channelStatistics(folder, none), RangeError, "0 workers");
  });
});

Deno.test("statistics have six digits", async () => {
  await inTempFolder(async (root) => {
    const folder = grays(root, [0, 0, 255], 3);
    const { mean, std } = await channelStatistics(folder, { channels: 1, workers: 1 });
    assertEquals([...mean, ...std], [0.333333, 0.471405]);
  });
});

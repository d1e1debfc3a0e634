import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
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

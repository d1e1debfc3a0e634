/**
 * Slices of what `deno task test:reliability` tries in whole.
 *
 * @module
 */
import "../native.ts";
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { makeBuiltinDataset } from "../../src/data/builtin/builtin.ts";
import { train } from "../../src/train/loop.ts";
import { inTempFolder } from "../temp_folder.ts";
import { interrupt, movedTo, tensorsOf, withSmallRun } from "../train/small_run.ts";
import { DAMAGE, FILES, resumeDamaged } from "./damaged_folders.ts";
import { trainKilled, trainUnbroken } from "./killed_runs.ts";
import { writeSources } from "./sources.ts";
import { startTwo } from "./two_processes.ts";

for (const [source, seed] of [["folders by weight", 1], ["gzipped tar shards", 2]] as const) {
  Deno.test(`runs killed within ${source} are those that were not killed, to the last bit`, () =>
    inTempFolder(async (folder) => {
      const sources = await writeSources(join(folder, "data"));
      const unbroken = await trainUnbroken(folder, sources[source]);
      assertEquals((await trainKilled(folder, unbroken, seed)).differences, []);
    }));
}

Deno.test("of two processes on one run folder one trains, the other is refused by name", () =>
  inTempFolder(async (folder) => {
    const data = join(folder, "data");
    await makeBuiltinDataset(data, { trainPerClass: 3, valPerClass: 1, size: 40 });
    assertEquals(await startTwo(join(folder, "run"), join(data, "train")), undefined);
  }));

Deno.test("a run folder with a damaged file is resumed exactly, or refused in a sentence", () =>
  withSmallRun({}, async ({ config }) => {
    await interrupt(config);
    const unbroken = movedTo(config, `${config.train.output_dir}-unbroken`);
    await train(unbroken);
    const expected = tensorsOf(unbroken.train.output_dir);
    const damages = Object.keys(DAMAGE);
    for (const [i, file] of Object.keys(FILES).entries()) {
      for (const damage of [damages[i], damages[(i + 5) % 10]]) {
        const outcome = await resumeDamaged(config.train.output_dir, expected, {
          file,
          damage,
          seed: i,
        });
        assertEquals([file, damage, outcome.isRight], [file, damage, true], outcome.message);
      }
    }
  }));

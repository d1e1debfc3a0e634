import { openImages } from "../../src/data/sources/open.ts";
import { withStatistics } from "../../src/train/with_statistics.ts";
import { cropSheet, firstBatch } from "../../src/visualize/crops.ts";
import { writePictures } from "../../src/visualize/png.ts";
import type { ConfiguredRun } from "../train/configuration.ts";
import { checkOutput } from "./output_folder.ts";
import { reportPictures } from "./report.ts";

/**
 * Carries out `deno task visualize crops`.
 *
 * @param run The run whose crops are shown.
 * @param asked Where the picture goes and how many images it shows.
 * @throws {Error} If images cannot be read, or the picture cannot be written.
 */
export async function runCrops(
  run: ConfiguredRun,
  { output, count }: { output: string; count: number },
): Promise<void> {
  const data = run.config.train.dataset_path;
  checkOutput(output, data);
  for (const note of run.notes) console.log(note);
  const folder = await openImages(data, { channels: run.config.data.channels });
  const config = await withStatistics(run.config, folder, console.log);
  const batch = await firstBatch(folder, config);
  using picture = cropSheet(batch, config, count);
  reportPictures(writePictures(output, [{ name: "crops", picture }]));
}

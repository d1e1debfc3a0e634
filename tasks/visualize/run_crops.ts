import { scanImageFolder } from "../../src/data/folder.ts";
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
  { config, notes }: ConfiguredRun,
  { output, count }: { output: string; count: number },
): Promise<void> {
  const data = config.train.dataset_path;
  checkOutput(output, data);
  for (const note of notes) console.log(note);
  const batch = await firstBatch(await scanImageFolder(data), config);
  using picture = cropSheet(batch, config, count);
  reportPictures(writePictures(output, [{ name: "crops", picture }]));
}

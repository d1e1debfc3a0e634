import { join } from "@std/path";
import { saveTeacher } from "../../src/checkpoint/teacher.ts";
import { makeBuiltinDataset } from "../../src/data/builtin/builtin.ts";
import { VisionTransformer } from "../../src/vit/vision_transformer.ts";
import { inTempFolder } from "../temp_folder.ts";

/** The architecture of the run. */
export const tiny = { embedDim: 64, depth: 4, numHeads: 2, imgSize: 32, patchSize: 8 };

/**
 * Runs `body` with a folder that holds a small run and a small labelled dataset, and the flags that name them.
 *
 * @param body What to do with them.
 * @param data Settings of the run that say how images are read.
 */
export async function withRun(
  body: (folder: string, flags: readonly string[]) => Promise<void>,
  data?: Readonly<Record<string, unknown>>,
): Promise<void> {
  await inTempFolder(async (folder) => {
    await makeBuiltinDataset(join(folder, "data"), { trainPerClass: 3, valPerClass: 2, size: 32 });
    using model = new VisionTransformer(tiny);
    const named = Object.entries(model.stateDict())
      .map(([key, value]) => [`backbone.${key}`, value]);
    const config = { student: { arch: "vit_nano" }, crops: { global_crops_size: 32 } };
    saveTeacher(join(folder, "run"), {
      iteration: 11,
      tensors: Object.fromEntries(named),
      state: { config: { ...config, ...data && { data } } },
    });
    const [train, val] = [join(folder, "data", "train"), join(folder, "data", "val")];
    await body(folder, [
      ...["--weights", join(folder, "run"), "--train", train, "--val", val],
      ...["--output", join(folder, "results", "found.json"), "--device", "cpu"],
    ]);
  });
}

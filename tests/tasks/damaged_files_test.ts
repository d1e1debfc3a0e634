import { assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { makeBuiltinDataset } from "../../src/data/builtin/builtin.ts";
import { bytesOf } from "../data/codec/pixel_table.ts";
import { inTempFolder } from "../temp_folder.ts";
import { runTask } from "./run_task.ts";

const WEIGHTS = fromFileUrl(new URL("../golden/vit_reg4_swiglu.pth", import.meta.url));
const MODEL = ["--weights", WEIGHTS, "--num-heads", "2", "--device", "cpu", "--image-size", "28"];

Deno.test("features, eval and visualize tell once of damage that leaves pixels whole", async () => {
  await inTempFolder(async (folder) => {
    const images = join(folder, "images");
    await makeBuiltinDataset(images, { trainPerClass: 2, valPerClass: 1, size: 32 });
    const train = join(images, "train"), val = join(images, "val");
    const [first] = Array.from(Deno.readDirSync(train), ({ name }) => name).sort();
    for (const name of ["checksum_rgb.png", "no_end.png"]) {
      await Deno.writeFile(join(train, first, name), bytesOf(name));
    }
    const commands = [
      ["features", "--data", train, "--output", join(folder, "features.npy")],
      ["eval", "knn", "--train", train, "--val", val],
      ["visualize", "pca", "--data", train, "--output", join(folder, "pictures"), "--count", "22"],
    ];
    for (const [task, ...args] of commands) {
      const { status, output } = await runTask(task, ...args, ...MODEL);
      assertEquals(status, 0, output);
      const told = output.split("\n").filter((line) => line.includes("damaged"));
      assertEquals(told, [
        `${first}/checksum_rgb.png is damaged, but all its pixels were read: the PNG is damaged (checksum of IDAT)`,
        `1 more file is damaged like ${first}/checksum_rgb.png, with all pixels read`,
      ], task);
    }
  });
});

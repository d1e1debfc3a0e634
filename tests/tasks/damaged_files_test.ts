import "../native.ts";
import { assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { makeBuiltinDataset } from "../../src/data/builtin/builtin.ts";
import { knnCommand } from "../../tasks/eval/knn.ts";
import { segmentationCommand } from "../../tasks/eval/segmentation.ts";
import { featuresCommand } from "../../tasks/features.ts";
import { neighboursCommand } from "../../tasks/visualize/neighbours.ts";
import { pcaCommand } from "../../tasks/visualize/pca.ts";
import { bytesOf } from "../data/codec/pixel_table.ts";
import { writePng } from "../data/codec/write_png.ts";
import { inTempFolder } from "../temp_folder.ts";
import { withScenes } from "./eval/scenes.ts";
import { watched } from "./watched.ts";

const WEIGHTS = fromFileUrl(new URL("../golden/vit_reg4_swiglu.pth", import.meta.url));
const MODEL = ["--weights", WEIGHTS, "--num-heads", "2", "--device", "cpu", "--image-size", "28"];

/** The lines of an output that tell of damage. */
function damageIn(output: string): string[] {
  return output.split("\n").filter((line) => /damaged|like/.test(line));
}

Deno.test("features, eval and visualize tell once of damage that leaves pixels whole", async () => {
  await inTempFolder(async (folder) => {
    const images = join(folder, "images");
    await makeBuiltinDataset(images, { trainPerClass: 2, valPerClass: 1, size: 32 });
    const train = join(images, "train"), val = join(images, "val");
    const [first] = Array.from(Deno.readDirSync(train), ({ name }) => name).sort();
    for (const name of ["checksum_palette.png", "checksum_rgb.png"]) {
      await Deno.writeFile(join(train, first, name), bytesOf(name));
    }
    const shown = ["--data", train, "--output", join(folder, "pictures"), "--count", "22"];
    const commands = [
      [featuresCommand, "--data", train, "--output", join(folder, "features.npy")],
      [knnCommand, "--train", train, "--val", val],
      [pcaCommand, ...shown],
      [neighboursCommand, ...shown, "--queries", val],
    ] as const;
    for (const [command, ...args] of commands) {
      const { status, output } = await watched(command, ...args, ...MODEL);
      assertEquals(status, 0, output);
      assertEquals(damageIn(output), [
        `${first}/checksum_palette.png was read, but the PNG is damaged (checksum of IDAT)`,
        `1 more file is like ${first}/checksum_palette.png`,
      ], command.summary);
    }
  });
});

Deno.test("a probe of pixels tells of damage in the images that it learns from, and in those that it scores", () =>
  withScenes(async (root, given) => {
    for (const part of ["train", "val"]) {
      const bytes = bytesOf("checksum_rgb.png"), { width, height } = sizeOf(bytes);
      const values = Array.from({ length: width * height }, (_, i) => i % 2);
      await Deno.writeFile(join(root, part, "images", "9.png"), bytes);
      const mask = writePng({ width, height, values });
      await Deno.writeFile(join(root, part, "annotations", "9.png"), mask);
    }
    const own = ["--classes", "2", "--image-size", "16", "--iterations", "2"];
    const { output } = await watched(segmentationCommand, ...given, ...own);
    const told = "images/9.png was read, but the PNG is damaged (checksum of IDAT)";
    assertEquals(damageIn(output), [told, told]);
  }));

/** Columns and rows of a PNG. */
function sizeOf(bytes: Uint8Array): { readonly width: number; readonly height: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

import "../native.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { EvaluationSet, type EvaluationSetOptions } from "../../src/features/evaluation_set.ts";
import { extractFeatures } from "../../src/features/extract_features.ts";
import { pixelEmbedding } from "../../src/features/embedding.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";
import { testImages } from "../eval/labelled_images.ts";

const options = { imageSize: 8, batchSize: 4, workers: 1, keepBytes: 0 };

testImages(
  "features cut off on the way go on to the same file, whatever the batches",
  async (folder) => {
    await Deno.writeTextFile(join(folder.root, folder.paths[3]), "no image");
    await Deno.writeTextFile(join(folder.root, folder.paths[20]), "no image");
    const extract = async (name: string, calls: number, more: EvaluationSetOptions = {}) => {
      using set = new EvaluationSet(folder, { ...options, ...more });
      const pixels = pixelEmbedding();
      let left = calls;
      const embed = (images: Tensor) => {
        if (left-- === 0) throw new Error("killed");
        return pixels(images);
      };
      const path = join(folder.root, name);
      const notes: string[] = [];
      const settings = { key: { set: 1 }, onNote: (text: string) => notes.push(text) };
      const { shape } = await extractFeatures(set, embed, path, settings);
      return {
        shape,
        notes,
        broken: set.brokenFiles.map(({ path }) => path),
        bytes: await Deno.readFile(path),
      };
    };
    const whole = await extract("whole.safetensors", Infinity);
    assertEquals(whole.shape, [38, 3 * 8 * 8]);
    await assertRejects(() => extract("f.safetensors", 3), Error, "killed");
    const resumed = await extract("f.safetensors", Infinity, { batchSize: 7, workers: 2 });
    assertEquals(resumed.notes, ["Resuming after 13 of 40 images"]);
    assertEquals(resumed.broken, [folder.paths[3], folder.paths[20]]);
    assertEquals(resumed.bytes, whole.bytes);
  },
);

testImages("broken files seen before a kill count when it goes on", async (folder) => {
  for (const index of [2, 3, 4, 30, 31]) {
    await Deno.writeTextFile(join(folder.root, folder.paths[index]), "no image");
  }
  const path = join(folder.root, "f.npy");
  const extract = async (calls: number) => {
    using set = new EvaluationSet(folder, { ...options, maxBrokenFraction: 0.02 });
    const pixels = pixelEmbedding();
    let left = calls;
    const embed = (images: Tensor) => {
      if (left-- === 0) throw new Error("killed");
      return pixels(images);
    };
    return await extractFeatures(set, embed, path, { key: {} });
  };
  await assertRejects(() => extract(2), Error, "killed");
  await assertRejects(() => extract(Infinity), Error, "Cannot decode 5 of the first");
});

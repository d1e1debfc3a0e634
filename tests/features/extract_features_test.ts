import "../native.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { EvaluationSet, type EvaluationSetOptions } from "../../src/features/evaluation_set.ts";
import { extractFeatures } from "../../src/features/extract_features.ts";
import { SafetensorsFile, writeSafetensors } from "../../src/checkpoint/safetensors.ts";
import { scope } from "../../src/tensor/scope.ts";
import { VisionTransformer } from "../../src/vit/vision_transformer.ts";
import { backboneEmbedding, pixelEmbedding } from "../../src/features/embedding.ts";
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

testImages(
  "progress is of all images done, what was done before is told, and facts are noted",
  async (folder) => {
    await Deno.writeTextFile(join(folder.root, folder.paths[3]), "no image");
    const path = join(folder.root, "f.safetensors");
    const extract = async (key: Record<string, unknown> | undefined, calls = Infinity) => {
      using set = new EvaluationSet(folder, { ...options, batchSize: 13 });
      const done: number[] = [], resumed: number[] = [], notes: string[] = [];
      const pixels = pixelEmbedding();
      let left = calls;
      const embed = (images: Tensor) => {
        if (left-- === 0) throw new Error("killed");
        return pixels(images);
      };
      const running = extractFeatures(set, embed, path, {
        ...{ key, facts: { weights: "none" } },
        onProgress: (count) => done.push(count),
        onResume: (count) => resumed.push(count),
        onNote: (note) => notes.push(note),
      });
      if (calls < Infinity) await assertRejects(() => running, Error, "killed");
      else await running;
      return { done, resumed, notes };
    };
    assertEquals((await extract({ run: 1 }, 2)).done, [14, 27]);
    assertEquals(await extract({ run: 1 }), {
      ...{ done: [40], resumed: [27], notes: ["Resuming after 27 of 40 images"] },
    });
    using file = new SafetensorsFile(path);
    const { metadata } = file;
    assertEquals([metadata.weights, metadata.run], ['"none"', "1"]);
    await extract({ run: 1 }, 1);
    const stale = await extract({ run: 2 });
    assertEquals([stale.resumed, stale.done], [[], [14, 27, 40]]);
    assertEquals(stale.notes, [
      `Starting from scratch: the unfinished ${path} was made with other weights, images or settings`,
    ]);
    await extract(undefined, 1);
    assertEquals(
      (await extract(undefined)).resumed,
      [],
      "what nothing is known of is not gone on with",
    );
  },
);

testImages(
  "what is known of a network's features goes before the key that is given",
  async (folder) => {
    const sizes = { embedDim: 32, depth: 1, numHeads: 2, imgSize: 32, patchSize: 8 };
    using model = new VisionTransformer(sizes).eval();
    const weights = join(folder.root, "weights.safetensors"),
      path = join(folder.root, "f.safetensors");
    scope(() => writeSafetensors(weights, model.stateDict()));
    using set = new EvaluationSet(folder, options);
    const embed = backboneEmbedding({ model, path: weights });
    await extractFeatures(set, embed, path, { key: { kind: "mine" } });
    using file = new SafetensorsFile(path);
    const { metadata } = file;
    assertEquals([metadata.kind, metadata.normalized], ['"cls"', "true"]);
  },
);

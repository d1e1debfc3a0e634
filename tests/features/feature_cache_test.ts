import "../native.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { noGradScope } from "../../src/autograd/mode.ts";
import { writeSafetensors } from "../../src/checkpoint/safetensors.ts";
import { EvaluationSet } from "../../src/features/evaluation_set.ts";
import { cachedFeatures } from "../../src/features/feature_cache.ts";
import { backboneEmbedding, type Embedding } from "../../src/features/embedding.ts";
import { scope } from "../../src/tensor/scope.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";
import { VisionTransformer } from "../../src/vit/vision_transformer.ts";
import { testImages } from "../eval/labelled_images.ts";

function tinyModel(): VisionTransformer {
  const sizes = { embedDim: 32, depth: 1, numHeads: 2, imgSize: 32, patchSize: 8 };
  return new VisionTransformer(sizes).eval();
}

testImages("features are computed once for weights, images and settings", async (folder) => {
  await Deno.writeTextFile(join(folder.root, folder.paths[3]), "no image");
  using model = tinyModel();
  const path = join(folder.root, "weights.safetensors");
  const cache = join(folder.root, "cache");
  const save = () => scope(() => writeSafetensors(path, model.stateDict()));
  save();
  let computed = 0;
  const ask = async (imageSize: number, isKnown = true) => {
    computed = 0;
    using set = new EvaluationSet(folder, { imageSize, workers: 1 });
    const source = cachedFeatures(set, { folder: cache });
    const embedding = backboneEmbedding({ model, path });
    const embed: Embedding = Object.assign((images: Tensor) => {
      computed++;
      return embedding(images);
    }, { identity: isKnown ? embedding.identity : undefined });
    const { features, labels } = await source.features(embed);
    const values = features.toList() as number[][];
    features.dispose();
    return { values, labels, broken: source.brokenFiles.map(({ path }) => path) };
  };
  const first = await ask(32);
  assertEquals([computed, first.values.length, first.broken], [1, 39, [folder.paths[3]]]);
  assertEquals(Array.from(first.labels), Array.from(folder.labels!).toSpliced(3, 1));
  assertEquals(await ask(32), first);
  assertEquals(computed, 0, "the second time they are read");
  assertEquals(await ask(32, false), first);
  assertEquals(computed, 1, "features of an embedding without identity are not kept");
  await ask(16);
  assertEquals(computed, 1, "another size is computed");
  noGradScope(() => void model.clsToken.add_(1));
  save();
  await ask(32);
  assertEquals(computed, 1, "other weights are computed");
});

testImages(
  "what is reused is told, with the files that had no features; progress and signals reach the computation",
  async (folder) => {
    await Deno.writeTextFile(join(folder.root, folder.paths[3]), "no image");
    using model = tinyModel();
    const path = join(folder.root, "weights.safetensors");
    scope(() => writeSafetensors(path, model.stateDict()));
    const cache = join(folder.root, "cache");
    using set = new EvaluationSet(folder, { imageSize: 8, batchSize: 20, workers: 1 });
    const notes: string[] = [];
    const source = cachedFeatures(set, { folder: cache, onNote: (note) => notes.push(note) });
    const embed = backboneEmbedding({ model, path });
    const reason = new Error("stopped by hand");
    const aborted = () => source.features(embed, { signal: AbortSignal.abort(reason) });
    await assertRejects(aborted, Error, "stopped by hand");
    let calls = 0;
    const killed: Embedding = Object.assign((images: Tensor) => {
      if (calls++ === 1) throw new Error("killed");
      return embed(images);
    }, { identity: embed.identity });
    await assertRejects(() => source.features(killed), Error, "killed");
    const done: number[] = [];
    const onProgress = (count: number) => done.push(count);
    (await source.features(embed, { onProgress })).features.dispose();
    assertEquals([done, notes.splice(0)], [[40], ["Resuming after 21 of 40 images"]]);
    assertEquals(source.brokenFiles[0].reason, "not an image of a known format");
    (await source.features(embed, { onProgress })).features.dispose();
    assertEquals(done, [40]);
    const [{ name }] = Deno.readDirSync(cache);
    assertEquals(notes, [`Reusing the features of ${folder.root} in ${join(cache, name)}`]);
    assertEquals(source.brokenFiles, [{
      path: folder.paths[3],
      reason: "could not be decoded when its features were computed",
    }]);
    assertEquals(source.folder, folder);
    assertEquals(cachedFeatures(set, {}), set, "without a folder nothing is kept");
  },
);

import { assert, assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import type { ImageFolder } from "../../src/data/folder.ts";
import { EvaluationSet, type EvaluationSetOptions } from "../../src/features/evaluation_set.ts";
import { backboneEmbedding, pixelEmbedding } from "../../src/features/embedding.ts";
import { decodeImage } from "../../src/data/codec/decode.ts";
import { evalTransform } from "../../src/data/augment/eval_transform.ts";
import { scope } from "../../src/tensor/scope.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";
import { VisionTransformer } from "../../src/vit/vision_transformer.ts";
import { assertClose } from "../helpers.ts";
import { bytesOf } from "../data/codec/pixel_table.ts";
import { writePng } from "../data/codec/write_png.ts";
import { testImages } from "../eval/labelled_images.ts";

function tinyModel(): VisionTransformer {
  return new VisionTransformer({
    embedDim: 32,
    depth: 2,
    numHeads: 2,
    imgSize: 32,
    patchSize: 8,
    initValues: 1,
  }).eval();
}

async function features(
  folder: ImageFolder,
  options: EvaluationSetOptions,
): Promise<Float32Array> {
  using model = tinyModel();
  using set = new EvaluationSet(folder, { imageSize: 32, ...options });
  const { features, labels } = await set.features(backboneEmbedding({ model }));
  assertEquals([features.shape, features.dtype], [[40, 32], "float32"]);
  assertEquals(labels, folder.labels);
  const values = features.toArray() as Float32Array;
  features.dispose();
  return values;
}

testImages(
  "features depend neither on the batch size nor on workers nor on what is kept",
  async (folder) => {
    const expected = await features(folder, { batchSize: 40, workers: 1 });
    for (
      const options of [
        { batchSize: 7, workers: 2 },
        { batchSize: 3, workers: 1 },
        { batchSize: 16, keepBytes: 0 },
      ]
    ) {
      assertClose(Array.from(await features(folder, options)), Array.from(expected), {
        atol: 1e-6,
      });
    }
  },
);

testImages(
  "damage that leaves pixels whole is told once, however often images are read",
  async (folder) => {
    await Deno.writeFile(join(folder.root, folder.paths[3]), bytesOf("checksum_rgb.png"));
    const notes: string[] = [];
    using set = new EvaluationSet(folder, {
      imageSize: 8,
      keepBytes: 0,
      onNote: (text) => notes.push(text),
    });
    for (let reading = 0; reading < 2; reading++) {
      (await set.features(pixelEmbedding())).features.dispose();
      assertEquals(notes.length, 1);
    }
    assert(notes[0].startsWith(`${folder.paths[3]} was read, but the PNG is damaged`), notes[0]);
  },
);

testImages("features have length 1", async (folder) => {
  const values = await features(folder, { workers: 1 });
  for (let i = 0; i < 40; i++) {
    const norm = Math.hypot(...values.subarray(32 * i, 32 * (i + 1)));
    assert(Math.abs(norm - 1) < 1e-5, `image ${i} has length ${norm}`);
  }
});

testImages("images that are kept are not read again, others are", async (folder) => {
  for (
    const [keepBytes, isKept] of [[40 * 3 * 32 ** 2, true], [40 * 3 * 32 ** 2 - 1, false]] as const
  ) {
    const copy = await Deno.makeTempDir();
    const path = folder.paths[0];
    await Deno.mkdir(join(copy, path, ".."), { recursive: true });
    await Deno.copyFile(join(folder.root, path), join(copy, path));
    const one = { root: copy, paths: [path], classes: ["a", "b"], labels: Uint32Array.of(0) };
    using set = new EvaluationSet(one, { imageSize: 32, keepBytes: keepBytes / 40, workers: 1 });
    (await set.features(pixelEmbedding())).features.dispose();
    await Deno.remove(copy, { recursive: true });
    if (isKept) (await set.features(pixelEmbedding())).features.dispose();
    else await assertRejects(() => set.features(pixelEmbedding()), Error, "Cannot decode");
  }
});

testImages("broken files are left out, with their labels, and listed", async (folder) => {
  await Deno.writeTextFile(join(folder.root, folder.paths[5]), "no image");
  using set = new EvaluationSet(folder, { imageSize: 32, workers: 1 });
  const { features, labels } = await set.features(pixelEmbedding());
  assertEquals(features.shape[0], 39);
  assertEquals(Array.from(labels), Array.from(folder.labels!).toSpliced(5, 1));
  assertEquals(set.brokenFiles.map(({ path }) => path), [folder.paths[5]]);
  features.dispose();
  await Deno.writeTextFile(join(folder.root, folder.paths[39]), "no image"); // behind the last batch
  using parted = new EvaluationSet(folder, { imageSize: 32, batchSize: 19, workers: 1 });
  (await parted.features(pixelEmbedding())).features.dispose();
  assertEquals(parted.brokenFiles.map(({ path }) => path), [folder.paths[5], folder.paths[39]]);
});

testImages(
  "larger images than are allowed are left out, up to the share that is",
  async (folder) => {
    const size = { width: 41, height: 40 };
    const large = writePng({ ...size, type: 0, values: Array(41 * 40).fill(7) });
    for (const i of [5, 6]) await Deno.writeFile(join(folder.root, folder.paths[i]), large);
    const options = { imageSize: 32, workers: 1, maxBrokenFraction: 0.01 };
    const leftOut = async (maxPixels: number) => {
      using set = new EvaluationSet(folder, { ...options, maxPixels });
      (await set.features(pixelEmbedding())).features.dispose();
      return set.brokenFiles.map(({ path }) => path);
    };
    assertEquals(await leftOut(41 * 40), []);
    assertEquals(await leftOut(40 * 40), [folder.paths[5], folder.paths[6]]);
    await Deno.writeFile(join(folder.root, folder.paths[7]), large);
    await assertRejects(() => leftOut(40 * 40), Error, "Cannot decode");
  },
);

/** The features of the first batches of random crops. */
async function augmented(
  folder: ImageFolder,
  { workers, seed, count }: { workers: number; seed: number; count: number },
): Promise<{ values: number[]; labels: number[] }> {
  using set = new EvaluationSet(folder, { imageSize: 32, batchSize: 16, workers });
  const values: number[] = [], labels: number[] = [];
  for await (const compute of set.augmented(pixelEmbedding(), { seed })) {
    scope(() => {
      const batch = compute();
      values.push(...batch.features.toArray() as Float32Array);
      labels.push(...batch.labels);
    });
    if (labels.length === 16 * count) break;
  }
  return { values, labels };
}

testImages(
  "random crops depend on the seed, not on workers, and differ from epoch to epoch",
  async (folder) => {
    const first = await augmented(folder, { workers: 1, seed: 5, count: 5 });
    assertEquals(await augmented(folder, { workers: 2, seed: 5, count: 5 }), first);
    const other = await augmented(folder, { workers: 2, seed: 6, count: 1 });
    assert(other.labels.some((label, i) => label !== first.labels[i]));
    const [one, two] = [first.labels.slice(0, 40), first.labels.slice(40)];
    assertEquals(one.toSorted(), two.toSorted()); // both epochs show every image once
    const sums = (values: number[]) =>
      new Set(
        Array.from({ length: 40 }, (_, i) =>
          values.slice(3072 * i, 3072 * (i + 1)).reduce((a, b) => a + b, 0)),
      );
    const [a, b] = [first.values.slice(0, 40 * 3072), first.values.slice(40 * 3072)].map(sums);
    assert(
      [...a].every((sum) => !b.has(sum)),
      "an image was cropped the same twice",
    );
  },
);

testImages("progress counts the images done", async (folder) => {
  using set = new EvaluationSet(folder, { imageSize: 32, batchSize: 16, workers: 1 });
  const seen: number[] = [];
  const { features } = await set.features(pixelEmbedding(), { onProgress: (n) => seen.push(n) });
  assertEquals(seen, [16, 32, 40]);
  features.dispose();
});

testImages(
  "an embedding that fails leaves nothing behind, and the set can be used again",
  async (folder) => {
    using set = new EvaluationSet(folder, { imageSize: 32, batchSize: 16, workers: 1 });
    const pixels = pixelEmbedding();
    let calls = 0;
    const failing = (images: Tensor) => {
      if (++calls === 2) throw new Error("no more");
      return pixels(images);
    };
    await assertRejects(() => set.features(failing), Error, "no more");
    const { features } = await set.features(pixelEmbedding());
    assertEquals(features.shape[0], 40);
    features.dispose();
  },
);

testImages("pixels of large images are shrunk", async (folder) => {
  using set = new EvaluationSet(folder, { imageSize: 40, workers: 1 });
  const { features } = await set.features(pixelEmbedding());
  assertEquals(features.shape, [40, 3 * 32 * 32]);
  features.dispose();
});

Deno.test("a size that makes no sense is refused", () => {
  const folder = { root: "x", paths: ["a/1.png"] };
  assertThrows(() => new EvaluationSet(folder, { imageSize: 0 }), RangeError, "images of 0 pixels");
  assertThrows(() => new EvaluationSet(folder, { imageSize: 1.5 }), RangeError, "of 1.5 pixels");
  assertEquals(new EvaluationSet(folder, { imageSize: 1 }).seen.imageSize, 1);
});

testImages(
  "unless told otherwise images are seen as in the reference, 128 at a time",
  async (folder) => {
    assertEquals(new EvaluationSet(folder).seen, { imageSize: 224, channels: 3, resize: 256 });
    assertEquals(new EvaluationSet(folder, { imageSize: 98 }).seen.resize, 98);
    const many = { root: folder.root, paths: Array<string>(130).fill(folder.paths[0]) };
    using set = new EvaluationSet(many, { imageSize: 4, workers: 1 });
    const seen: number[] = [];
    (await set.features(pixelEmbedding(), { onProgress: (n) => seen.push(n) })).features.dispose();
    assertEquals(seen, [128, 130]);
  },
);

testImages(
  "images of other channels than three are kept by the four bytes of their samples",
  async (folder) => {
    for (const [keepBytes, isKept] of [[4 * 32 ** 2, true], [4 * 32 ** 2 - 1, false]] as const) {
      const copy = await Deno.makeTempDir();
      await Deno.copyFile(join(folder.root, folder.paths[0]), join(copy, "a.png"));
      const one = { root: copy, paths: ["a.png"] };
      const options = { channels: 1, imageSize: 32, keepBytes, workers: 1 };
      using set = new EvaluationSet(one, options);
      await set.features((images) => {
        assertEquals(images.dtype, "float32", "for files of 8 and of 16 bits go together");
        return pixelEmbedding()(images);
      }).then(({ features }) => features.dispose());
      await Deno.remove(copy, { recursive: true });
      const again = async () => (await set.features(pixelEmbedding())).features.dispose();
      if (isKept) await again();
      else await assertRejects(again);
    }
  },
);

testImages(
  "images are prepared as they are said to be seen, whatever their shape",
  async (folder) => {
    const options: EvaluationSetOptions = {
      ...{ imageSize: 16, resize: 20, interpolation: "nearest", cropMode: "border" },
      ...{ fill: [1, 2, 3], exif: "apply" },
    };
    for (const name of ["rotated_by_exif.jpg", "rgb.png"]) {
      await Deno.copyFile(
        new URL(`../data/images/${name}`, import.meta.url),
        join(folder.root, name),
      );
    }
    const shown = { root: folder.root, paths: ["rotated_by_exif.jpg", "rgb.png"] };
    using set = new EvaluationSet(shown, { ...options, workers: 1 });
    const { features, labels } = await set.features((images) => images.clone());
    assertEquals([...labels], [0, 0], "where there are no classes");
    for (const [i, path] of shown.paths.entries()) {
      const bytes = await Deno.readFile(join(folder.root, path));
      const image = await decodeImage(bytes, { exif: "apply" });
      scope(() => {
        const right = evalTransform(image, 16, options);
        assertEquals(features.select(0, i).ne(right).any().item(), 0, path);
      });
    }
    features.dispose();
  },
);

testImages(
  "a reading that was broken off is begun anew, and an aborted one tells why",
  async (folder) => {
    using set = new EvaluationSet(folder, { imageSize: 8, batchSize: 16, workers: 1 });
    for await (const { features } of set.embedded(pixelEmbedding())) {
      features.dispose();
      break;
    }
    const signal = AbortSignal.abort(new Error("stopped by hand"));
    await assertRejects(() => set.features(pixelEmbedding(), { signal }), Error, "stopped by hand");
    for (let reading = 0; reading < 2; reading++) {
      const { features, labels } = await set.features(pixelEmbedding());
      assertEquals([features.shape[0], labels], [40, folder.labels!]);
      features.dispose();
    }
  },
);

testImages("what is begun goes on behind it, also in a set that is kept", async (folder) => {
  using set = new EvaluationSet(folder, { imageSize: 8, batchSize: 16, workers: 1 });
  (await set.features(pixelEmbedding())).features.dispose();
  const begun = { position: 20, brokenFiles: [{ path: folder.paths[3], reason: "cut off" }] };
  const seen: number[] = [];
  for await (const { features, indices, ...rest } of set.embedded(pixelEmbedding(), { begun })) {
    features.dispose();
    seen.push(...indices);
    assertEquals(rest.brokenFiles, begun.brokenFiles);
  }
  assertEquals(seen, Array.from({ length: 20 }, (_, i) => 20 + i));
  const { features } = await set.features(pixelEmbedding());
  assertEquals(features.shape[0], 40, "the first ones are not forgotten");
  features.dispose();
});

testImages(
  "random crops are of seed 0 unless told otherwise, skip broken files and tell them",
  async (folder) => {
    await Deno.writeTextFile(join(folder.root, folder.paths[5]), "no image");
    using set = new EvaluationSet(folder, { imageSize: 8, batchSize: 20, workers: 1 });
    const sums = async (seed?: number) => {
      const found: number[] = [];
      for await (const compute of set.augmented(pixelEmbedding(), { seed })) {
        found.push(scope(() => compute().features.sum().item()));
        if (found.length === 2) break;
      }
      return found;
    };
    assertEquals(await sums(), await sums(0));
    assertEquals(set.brokenFiles.map(({ path }) => path), [folder.paths[5]]);
    const aborted = async () => {
      const signal = AbortSignal.abort(new Error("stopped by hand"));
      for await (const _ of set.augmented(pixelEmbedding(), { signal })) continue;
    };
    await assertRejects(aborted, Error, "stopped by hand");
  },
);

testImages("random crops are of images turned as they are said to be seen", async (folder) => {
  const name = "rotated_by_exif.jpg";
  await Deno.copyFile(new URL(`../data/images/${name}`, import.meta.url), join(folder.root, name));
  const one = { root: folder.root, paths: [name] };
  const cropped = async (exif: "apply" | "ignore") => {
    using set = new EvaluationSet(one, { imageSize: 8, batchSize: 1, workers: 1, exif });
    for await (const compute of set.augmented(pixelEmbedding())) {
      return scope(() => compute().features.toArray());
    }
  };
  assertNotEquals(await cropped("apply"), await cropped("ignore"));
});

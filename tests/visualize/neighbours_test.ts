import "../native.ts";
import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { makeBuiltinDataset } from "../../src/data/builtin/builtin.ts";
import { type CropMode, evalTransform } from "../../src/data/augment/eval_transform.ts";
import { decodeImage } from "../../src/data/codec/decode.ts";
import { scanImageFolder } from "../../src/data/sources/folder.ts";
import { liveTensors } from "../../src/tensor/scope.ts";
import { VisionTransformer } from "../../src/vit/vision_transformer.ts";
import { legibleFactor } from "../../src/visualize/magnify.ts";
import { neighbourSheet } from "../../src/visualize/neighbours.ts";
import { bytesOf } from "../data/codec/pixel_table.ts";
import { writePng } from "../data/codec/write_png.ts";
import { inTempFolder } from "../temp_folder.ts";

Deno.test("copies of an image are nearest, the image itself is passed over, broken files are told", async () => {
  await inTempFolder(async (root) => {
    await makeBuiltinDataset(join(root, "data"), { trainPerClass: 1, valPerClass: 1, size: 40 });
    const folder = await scanImageFolder(join(root, "data", "train"));
    const [first, second] = folder.paths;
    await Deno.copyFile(join(folder.root, first), join(folder.root, "copy.jpg"));
    await Deno.writeTextFile(join(folder.root, "a_broken.jpg"), "no image");
    const before = liveTensors();
    {
      using model = new VisionTransformer({
        imgSize: 32,
        patchSize: 8,
        embedDim: 24,
        depth: 1,
        numHeads: 2,
        initValues: 1,
      }).eval();
      const searched = await scanImageFolder(folder.root);
      const queries = { root: folder.root, paths: [first, second] };
      const options = { imageSize: 32, workers: 1, neighbours: 3 };
      const { nearest, picture, brokenFiles } = await neighbourSheet(
        { model },
        queries,
        searched,
        options,
      );
      assertEquals(nearest.map(({ query }) => query), [first, second]);
      assertEquals(nearest[0].neighbours[0].path, "copy.jpg");
      assertEquals(nearest[0].neighbours[0].similarity.toFixed(5), "1.00000");
      for (const { query, neighbours } of nearest) {
        assertEquals(neighbours.length, 3);
        assertEquals(neighbours.some(({ path }) => path === query), false);
        const cosines = neighbours.map(({ similarity }) => similarity);
        assertEquals(cosines, cosines.toSorted((a, b) => b - a));
      }
      // Two rows of a query and three neighbours, 32 pixels shown five times as large, over digits.
      assertEquals(picture.shape, [3, 2 * (160 + 14) + 18, 4 * 160 + 30]);
      assertEquals(brokenFiles, [{
        path: join(folder.root, "a_broken.jpg"),
        reason: "not an image of a known format",
      }]);
      picture.dispose();
      await assertRejects(
        () => neighbourSheet({ model }, queries, searched, { ...options, neighbours: 11 }),
        RangeError,
        "Cannot find 11 neighbours among 10 other images: ask for 1 to 10",
      );
    }
    assertEquals(liveTensors(), before);
  });
});

Deno.test("unless told otherwise five neighbours are shown as in the reference, of 224 pixels", async () => {
  await inTempFolder(async (root) => {
    await makeBuiltinDataset(join(root, "data"), { trainPerClass: 1, valPerClass: 1, size: 40 });
    const folder = await scanImageFolder(join(root, "data", "train"));
    using model = new VisionTransformer({
      ...{ imgSize: 224, patchSize: 56, embedDim: 24, depth: 1, numHeads: 2 },
    }).eval();
    const queries = { root: folder.root, paths: folder.paths.slice(0, 1) };
    const { nearest, picture } = await neighbourSheet({ model }, queries, folder, { workers: 1 });
    using _ = picture;
    assertEquals(nearest.map(({ neighbours }) => neighbours.length), [5]);
    const side = 224 * legibleFactor(224);
    assertEquals(picture.shape, [3, side + 14 + 2 * 6, 6 * side + 7 * 6]);
  });
});

Deno.test("images are shown as the network saw them, by its crop mode", () =>
  inTempFolder(async (root) => {
    const values = Uint8Array.from({ length: 3 * 64 * 32 }, (_, i) => i % 192 < 48 ? 255 : 0);
    for (const name of ["a", "b"]) {
      const bytes = writePng({ width: 64, height: 32, type: 2, values });
      await Deno.writeFile(join(root, `${name}.png`), bytes);
    }
    const folder = await scanImageFolder(root);
    using model = new VisionTransformer({
      ...{ imgSize: 32, patchSize: 8, embedDim: 24, depth: 1, numHeads: 2 },
    }).eval();
    const options = { imageSize: 32, workers: 1, neighbours: 1 };
    const shown = async (cropMode: CropMode) => {
      using picture = (await neighbourSheet({ model }, folder, folder, { ...options, cropMode }))
        .picture;
      return [...new Set(picture.narrow(1, 86, 1).narrow(2, 6, 20).toArray() as Uint8Array)];
    };
    // The left quarter is white, which the crop of the centre cuts off.
    assertEquals(await shown("squash"), [255]);
    assertEquals(await shown("center"), [0]);
  }));

Deno.test("images are searched and shown turned where that is asked for", () =>
  inTempFolder(async (root) => {
    for (const name of ["rotated_by_exif.jpg", "rgb.png"]) {
      await Deno.copyFile(new URL(`../data/images/${name}`, import.meta.url), join(root, name));
    }
    const folder = await scanImageFolder(root);
    using model = new VisionTransformer({
      ...{ imgSize: 160, patchSize: 40, embedDim: 24, depth: 1, numHeads: 2 },
    }).eval();
    const bytes = await Deno.readFile(join(root, "rotated_by_exif.jpg"));
    const similarities: number[] = [];
    for (const exif of ["apply", "ignore"] as const) {
      const options = { imageSize: 160, workers: 1, neighbours: 1, exif };
      const { picture, nearest } = await neighbourSheet({ model }, folder, folder, options);
      using _ = picture;
      similarities.push(nearest[1].neighbours[0].similarity);
      const right = evalTransform(await decodeImage(bytes, { exif }), 160); // the second row's query
      const shown = picture.narrow(1, 6 + 160 + 14 + 6, 160).narrow(2, 6, 160);
      assertEquals(shown.ne(right).sum().item(), 0);
      const neighbour = picture.narrow(1, 6, 160).narrow(2, 6 + 160 + 6, 160); // of the first
      assertEquals(neighbour.ne(right).sum().item(), 0);
    }
    assertNotEquals(similarities[0], similarities[1]);
  }));

Deno.test("a folder that cannot be searched leaves no tensor behind", () =>
  inTempFolder(async (root) => {
    for (const name of ["good", "bad"]) await Deno.mkdir(join(root, name));
    await Deno.copyFile(
      new URL("../data/images/rgb.png", import.meta.url),
      join(root, "good", "a.png"),
    );
    await Deno.writeTextFile(join(root, "bad", "b.png"), "no image");
    const [queries, searched] = [{ root: join(root, "good"), paths: ["a.png"] }, {
      root: join(root, "bad"),
      paths: ["b.png"],
    }];
    using model = new VisionTransformer({
      ...{ imgSize: 32, patchSize: 16, embedDim: 24, depth: 1, numHeads: 2 },
    }).eval();
    const before = liveTensors();
    const options = { imageSize: 32, workers: 1, neighbours: 1 };
    await assertRejects(
      () => neighbourSheet({ model }, queries, searched, options),
      Error,
      "b.png",
    );
    assertEquals(liveTensors(), before);
  }));

Deno.test("queries from another folder are told by their files, and what both folders leave out is listed", () =>
  inTempFolder(async (root) => {
    const searchedRoot = join(root, "all"), queriesRoot = join(root, "all", "some");
    await Deno.mkdir(queriesRoot, { recursive: true });
    const values = (seed: number) =>
      Uint8Array.from({ length: 32 * 32 }, (_, i) => (i * seed) % 251);
    const names = ["all/a.png", "all/b.png", "all/some/c.png"];
    for (const [i, name] of names.entries()) {
      const bytes = writePng({ width: 32, height: 32, values: values(i + 1) });
      await Deno.writeFile(join(root, name), bytes);
    }
    await Deno.writeFile(join(root, "all/damaged.png"), bytesOf("checksum_rgb.png"));
    await Deno.writeTextFile(join(queriesRoot, "bad.png"), "no image");
    // A network of one channel, as its images are.
    using model = new VisionTransformer({
      ...{ imgSize: 32, patchSize: 8, embedDim: 24, depth: 1, numHeads: 2, inChans: 1 },
    }).eval();
    const queries = await scanImageFolder(queriesRoot),
      searched = await scanImageFolder(searchedRoot);
    const done: number[] = [], notes: string[] = [];
    const { nearest, picture, brokenFiles } = await neighbourSheet({ model }, queries, searched, {
      ...{ imageSize: 32, channels: 1, workers: 1, batchSize: 2, neighbours: 3 },
      onProgress: (count) => done.push(count),
      onNote: (note) => notes.push(note),
    });
    using _ = picture;
    assertEquals(nearest.map(({ query }) => query), ["c.png"]);
    const found = nearest[0].neighbours.map(({ path }) => path);
    assertEquals(found.toSorted(), ["a.png", "b.png", "damaged.png"], "c.png is passed over");
    const bad = join(queriesRoot, "bad.png");
    assertEquals(brokenFiles.map(({ path }) => path), [bad], "once");
    assertEquals(done, [2, 4], "images searched, the queries not among them");
    assertEquals(notes.map((note) => note.split(" ")[0]), ["damaged.png"]);
  }));

import { assertEquals, assertThrows } from "@std/assert";
import { noGrad } from "../../src/autograd/mode.ts";
import type { DecodedImage } from "../../src/data/image.ts";
import { normalizeImages } from "../../src/data/augment/normalize.ts";
import { Stream } from "../../src/random/stream.ts";
import { liveTensors, scope } from "../../src/tensor/scope.ts";
import { VisionTransformer } from "../../src/vit/vision_transformer.ts";
import { attentionPictures } from "../../src/visualize/attention.ts";
import { heatMap } from "../../src/visualize/heat_map.ts";
import type { NamedImage } from "../../src/visualize/image_sample.ts";
import { patchGrid, patchView } from "../../src/visualize/patch_view.ts";
import { pcaPictures } from "../../src/visualize/pca.ts";
import { encodePng, type NamedPicture, writePictures } from "../../src/visualize/png.ts";
import { similarityPictures } from "../../src/visualize/similarity.ts";
import { similarityMaps } from "../../src/visualize/similarity_maps.ts";
import { legibleFactor } from "../../src/visualize/magnify.ts";
import { pcaColors } from "../../src/visualize/pca_colors.ts";
import type { Preprocessing } from "../../src/backbone/preprocessing.ts";
import { resample } from "../../src/data/augment/resample.ts";
import { full } from "../../src/tensor/create.ts";
import { inTempFolder } from "../temp_folder.ts";
import { assertClose, testTensor } from "../helpers.ts";

function model(): VisionTransformer {
  return new VisionTransformer({
    imgSize: 32,
    patchSize: 8,
    embedDim: 24,
    depth: 2,
    numHeads: 3,
    numRegisterTokens: 2,
    initValues: 1,
  }).eval();
}

/** A bright square in the middle of a dark image, with noise. */
function image(width: number, height: number): DecodedImage {
  const stream = new Stream(0, "image", width, height);
  const pixels = Uint8Array.from({ length: 3 * width * height }, (_, i) => {
    const x = Math.floor(i / 3) % width / width, y = Math.floor(i / 3 / width) / height;
    const isInside = Math.abs(x - 0.5) < 0.3 && Math.abs(y - 0.5) < 0.3;
    return (isInside ? 200 : 20) + 40 * stream.next();
  });
  return { width, height, pixels };
}

const images: NamedImage[] = [
  { path: "a/wide.png", image: image(90, 61) },
  { path: "tall.jpg", image: image(40, 100) },
];

function shapes(pictures: readonly NamedPicture[]): Record<string, readonly number[]> {
  return Object.fromEntries(pictures.map(({ name, picture }) => [name, picture.shape]));
}

testTensor("an image of any shape is resized to whole patches, nothing cut off", () => {
  using vit = model();
  const view = patchView(images[0].image, { model: vit });
  assertEquals([view.grid, view.pixels.shape], [[4, 6], [3, 32, 48]]);
  assertEquals(view.picture.shape, [3, 160, 240]); // five times, to be looked at
  assertEquals(patchView(images[1].image, { model: vit }, { imageSize: 21 }).pixels.shape, [
    3,
    64,
    24,
  ]);
  assertEquals(patchView(images[1].image, { model: vit }, { imageSize: 1 }).pixels.shape, [
    3,
    24,
    8,
  ]);
  assertEquals(patchGrid(view, { model: vit }).shape, [24, 4, 6]);
  assertThrows(
    () => patchView({ width: 100_000, height: 2, pixels: new Uint8Array(600_000) }, { model: vit }),
    RangeError,
    "it would have 4 x 200000 patches, more than 65536",
  );
});

testTensor("components: a picture of each image's size, and all beside their images", () => {
  using vit = model();
  const pictures = pcaPictures({ model: vit }, images);
  assertEquals(shapes(pictures), {
    "a/wide.png.pca": [3, 160, 240],
    "tall.jpg.pca": [3, 400, 160], // 80 x 32 pixels
    pca: [3, 160 + 400 + 18, 2 * 240 + 18],
  });
  const [wide] = pictures;
  const patches = wide.picture.slice(1, 0, 160, 40).slice(2, 0, 240, 40); // one pixel of each
  const blocks = wide.picture.slice(1, 39, 160, 40).slice(2, 39, 240, 40);
  assertClose(blocks, patches, { atol: 0 });
  assertEquals(pcaPictures({ model: vit }, images)[0].picture.toArray(), wide.picture.toArray());
});

testTensor("attention: the image, the mean and the heads, as heat and laid over", () => {
  using vit = model();
  const pictures = attentionPictures({ model: vit }, images, { block: 0 });
  assertEquals(shapes(pictures), {
    "a/wide.png.attention": [3, 3 * 160 + 24, 3 * 240 + 24],
    "tall.jpg.attention": [3, 3 * 400 + 24, 3 * 160 + 24],
    attention: [3, 160 + 400 + 18, 3 * 240 + 24],
  });
  const view = patchView(images[0].image, { model: vit });
  const { patches } = vit.clsAttention(normalizeImages(view.pixels.unsqueeze(0)), { block: 0 });
  const heads = patches.reshape([3, 4, 6]);
  const tile = (row: number, column: number) =>
    pictures[0].picture.narrow(1, 6 + 166 * row, 160).narrow(2, 6 + 246 * column, 240);
  assertClose(tile(0, 0), view.picture, { atol: 0 });
  assertClose(tile(0, 1), heatMap(heads.mean(0), view.picture).heat, { atol: 0 });
  assertClose(tile(1, 2), heatMap(heads.select(0, 2), view.picture).heat, { atol: 0 });
  assertClose(tile(2, 2), heatMap(heads.select(0, 2), view.picture).overlay, { atol: 0 });
});

testTensor("similarity: one range of colours for all, the patch framed", () => {
  using vit = model();
  const { pictures, range } = similarityPictures({ model: vit }, images, [89, 60]);
  assertEquals(shapes(pictures), {
    "a/wide.png.similarity": [3, 160, 240],
    "tall.jpg.similarity": [3, 400, 160],
    similarity: [3, 160 + 400 + 18, 3 * 240 + 24],
  });
  assertClose(range[1], 1); // the patch itself
  const views = images.map(({ image }) => patchView(image, { model: vit }));
  const grids = views.map((view) => patchGrid(view, { model: vit }));
  const maps = similarityMaps(grids, { image: 0, row: 3, column: 5 });
  const { overlay } = heatMap(maps[1], views[1].picture, range);
  assertClose(pictures[1].picture, overlay, { atol: 0 });
  // The frame lies outside the patch in the corner, whose side is 40.
  const [framed] = pictures[0].picture.unbind(0);
  assertEquals(framed.select(0, 140).narrow(0, 198, 2).toList(), [0, 255]);
});

Deno.test("a point outside its image is refused, and nothing is left behind", () => {
  const before = liveTensors();
  scope(() => {
    using vit = model();
    assertThrows(
      () => similarityPictures({ model: vit }, images, [90, 0]),
      RangeError,
      "Cannot find the point 90,0 in an image of 90 x 61 pixels",
    );
    assertThrows(
      () => attentionPictures({ model: vit }, images, { block: 2 }),
      RangeError,
      "There is no block 2: the model has blocks 0 to 1",
    );
  });
  assertEquals(liveTensors(), before);
});

testTensor("up to six heads stand side by side, more in rows", () => {
  for (const [numHeads, columns, rows] of [[6, 6, 1], [8, 4, 2]]) {
    const sizes = { imgSize: 32, patchSize: 8, embedDim: 48, depth: 1, numHeads };
    using vit = new VisionTransformer(sizes).eval();
    const square = { path: "a.png", image: image(32, 32) };
    const [{ picture }] = attentionPictures({ model: vit }, [square]);
    const tile = 160 + 6;
    assertEquals(picture.shape, [3, (1 + 2 * rows) * tile + 6, columns * tile + 6]);
  }
});

testTensor("the network's own normalisation, interpolation and patches are those shown", () => {
  using vit = model();
  const normalization = { mean: [0.1, 0.2, 0.3], std: [0.4, 0.5, 0.6] };
  const preprocessing = { interpolation: "nearest" } as Preprocessing;
  const view = patchView(images[0].image, { model: vit, preprocessing });
  assertClose(view.pixels, resample(images[0].image, [32, 48], "nearest"), { atol: 0 });
  const { patches } = vit.clsAttention(normalizeImages(view.pixels.unsqueeze(0), normalization));
  const [{ picture }] = attentionPictures({ model: vit, normalization, preprocessing }, images);
  const mean = heatMap(patches.reshape([3, 4, 6]).mean(0), view.picture);
  const tile = (column: number) => picture.narrow(1, 6, 160).narrow(2, 6 + 246 * column, 240);
  assertClose(tile(1), mean.heat, { atol: 0 });
  assertClose(tile(2), mean.overlay, { atol: 0 });
  const grid = patchGrid(view, { model: vit, normalization });
  const { xNormPatchtokens } = vit.forwardFeatures(
    normalizeImages(view.pixels.unsqueeze(0), normalization),
  );
  assertClose(grid.flatten(1).t(), xNormPatchtokens.squeeze(0));
});

testTensor("components: each patch has its colour", () => {
  using vit = model();
  const views = images.map(({ image }) => patchView(image, { model: vit }));
  const [{ colors }] = pcaColors(views.map((view) => patchGrid(view, { model: vit })));
  const [{ picture }] = pcaPictures({ model: vit }, images);
  assertClose(picture.slice(1, 0, 160, 40).slice(2, 0, 240, 40), colors.mul(255).round(), {
    atol: 0,
  });
});

testTensor("a patch inside its image has a frame on all sides, white within black", () => {
  using vit = model();
  const [{ picture }] = similarityPictures({ model: vit }, images, [40, 20]).pictures; // row 1, column 2
  const [rows, columns] = [[41, 80], [60, 100]].map(([down, across]) => [down, across]);
  const values = picture.select(0, 0);
  const down = values.select(1, columns[1]), across = values.select(0, rows[1] - 20);
  assertEquals(down.narrow(0, 38, 2).toList(), [0, 255]);
  assertEquals(down.narrow(0, 80, 2).toList(), [255, 0]);
  assertEquals(across.narrow(0, 78, 2).toList(), [0, 255]);
  assertEquals(across.narrow(0, 120, 2).toList(), [255, 0]);
  assertEquals(down.narrow(0, 40, 40).eq(255).all().item(), 0, "the patch itself stays");
  const outside = [37, 82].map((row) => picture.select(1, row).select(1, columns[1]).sum().item());
  assertEquals(outside.every((sum) => sum > 0), true, "a line of each, no more");
});

Deno.test("pictures are magnified until their short side is legible, 160 pixels", () => {
  assertEquals([1, 53, 80, 159, 160, 161].map(legibleFactor), [160, 4, 2, 2, 1, 1]);
});

testTensor(
  "65,536 patches are shown and not one more, and halves of patches are rounded up",
  () => {
    using small = new VisionTransformer({
      imgSize: 2,
      patchSize: 1,
      embedDim: 2,
      depth: 1,
      numHeads: 1,
    });
    const [square, wider] = [256, 257].map((width) => image(width, 256));
    assertEquals(patchView(square, { model: small }, { imageSize: 256 }).grid, [256, 256]);
    assertThrows(
      () => patchView(wider, { model: small }, { imageSize: 256 }),
      RangeError,
      "256 x 257 patches, more than 65536",
    );
    using vit = model();
    const grids = [11, 12, 19, 20].map((imageSize) =>
      patchView(image(8, 8), { model: vit }, { imageSize }).grid[0]
    );
    assertEquals(grids, [1, 2, 2, 3]);
  },
);

Deno.test("pictures are written into folders of their names", () =>
  inTempFolder((folder) => {
    using picture = full([3, 2, 1], 7, { dtype: "uint8" });
    const paths = writePictures(folder, [{ name: "a/b.jpg.pca", picture }, {
      name: "pca",
      picture,
    }]);
    assertEquals(paths, [`${folder}/a/b.jpg.pca.png`, `${folder}/pca.png`]);
    assertEquals(Deno.readFileSync(paths[0]), encodePng(picture));
  }));

testTensor("every kind of picture is of the size, block and foreground asked for", () => {
  using vit = model();
  const square = [{ path: "a.png", image: image(40, 40) }];
  const all = { foreground: "all" } as const;
  const drawn = (imageSize?: number) =>
    [
      pcaPictures({ model: vit }, square, { ...all, imageSize })[0],
      similarityPictures({ model: vit }, square, [1, 1], { imageSize }).pictures[0],
      attentionPictures({ model: vit }, square, { imageSize })[0],
    ].map(({ picture }) => picture);
  const [small, usual, large] = [16, undefined, 32].map(drawn);
  for (const [i, picture] of usual.entries()) {
    assertEquals(picture.ne(small[i]).any().item(), 1, "2 x 2 patches are not 4 x 4");
    assertClose(picture, large[i], { atol: 0 });
  }
  assertThrows(() => pcaPictures({ model: vit }, square, { threshold: 9 }), RangeError);
  const blocks = [0, 1].map((block) =>
    attentionPictures({ model: vit }, square, { block })[0].picture
  );
  assertEquals(blocks[0].ne(blocks[1]).any().item(), 1);
  const [last] = attentionPictures({ model: vit }, square);
  assertClose(last.picture, blocks[1], { atol: 0 });
});

testTensor("no picture is drawn of a network whose features are not finite", () => {
  using vit = model();
  noGrad(() => vit.blocks[0].attn.qkv.bias!.fill_(NaN));
  const backbone = { model: vit, path: "runs/a" };
  const draw = [
    () => pcaPictures(backbone, images, { foreground: "all" }),
    () => similarityPictures(backbone, images, [1, 1]),
    () => attentionPictures(backbone, images),
  ];
  for (const drawn of draw) {
    assertThrows(drawn, RangeError, "with runs/a: its tensor blocks.0.attn.qkv.bias holds NaN");
  }
});

import { assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { loadBackbone } from "../../src/backbone/backbone.ts";
import { exportBackbone } from "../../src/backbone/export/export_backbone.ts";
import {
  describePreprocessing,
  imageViewOf,
  notedNormalization,
  preprocessingOf,
  resizedSide,
} from "../../src/backbone/preprocessing.ts";
import { VisionTransformer } from "../../src/vit/vision_transformer.ts";
import { inFolder } from "../checkpoint/in_folder.ts";
import { testTensor } from "../helpers.ts";

const data = { channels: 1, mean: [0.4], std: [0.2] };

const usual = { interpolation: "bicubic", crop_mode: "center" } as const;

Deno.test("images are seen as a run saw them, else as the reference does", () => {
  const config = { data, crops: { global_crops_size: 98 }, evaluation: { image_size: 0 } };
  const ofRun = { image_size: 98, evaluation_size: 98, crop_pct: 1, ...usual, ...data };
  assertEquals(preprocessingOf({ config }, 1), ofRun);
  const evaluated = { ...config, evaluation: { image_size: 70 } };
  assertEquals(preprocessingOf({ config: evaluated }, 1).image_size, 70);
  assertEquals(preprocessingOf({}, 3), {
    image_size: 224,
    evaluation_size: 224,
    crop_pct: 0.875,
    channels: 3,
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
    ...usual,
  });
  assertEquals(preprocessingOf({ config }, 3).mean.length, 3, "a list of another length is no use");
});

Deno.test("the size of evaluations comes before that of crops, what a file notes before both", () => {
  const config = { crops: { global_crops_size: 98 }, evaluation: { image_size: 42 } };
  assertEquals(preprocessingOf({ config }, 3).image_size, 42);
  const preprocessing = { image_size: 56, mean: [0, 0, 0.1], std: [1, 1, 2] };
  const seen = preprocessingOf({ config: { ...config, data }, preprocessing }, 3);
  const sides = { image_size: 56, evaluation_size: 56, crop_pct: 1 };
  assertEquals(seen, { ...preprocessing, ...sides, ...usual, channels: 3 });
});

Deno.test("what is asked goes before what is noted, and a size takes its own crop along", () => {
  const preprocessing = { image_size: 32, crop_pct: 0.8, mean: [0.5, 0.5, 0.5] };
  const asked = preprocessingOf({ preprocessing }, 3, { image_size: 64, interpolation: "box" });
  assertEquals([asked.image_size, asked.crop_pct, asked.interpolation], [64, 0.8, "box"]);
  assertEquals(asked.evaluation_size, 32);
  assertEquals(preprocessingOf({}, 3, { image_size: 64 }).crop_pct, 1);
  assertEquals(preprocessingOf({}, 3, { mean: [1, 1, 1] }).mean, [1, 1, 1]);
});

Deno.test("pictures are turned where the run, or the file exported from it, turned them", () => {
  const seen = preprocessingOf({ config: { data: { ...data, exif: "apply" } } }, 1);
  assertEquals(imageViewOf(seen).exif, "apply");
  assertEquals(imageViewOf(preprocessingOf({ preprocessing: seen }, 1)).exif, "apply");
  const ignoring = preprocessingOf({ config: { data: { ...data, exif: "ignore" } } }, 1);
  assertEquals("exif" in imageViewOf(ignoring), false);
});

Deno.test("of what is noted for red, green and blue, other channels take the average", () => {
  const preprocessing = { mean: [0.1, 0.2, 0.6], std: [0.5, 0.5, 0.5] };
  const { mean, std } = preprocessingOf({ preprocessing }, 2);
  assertEquals([mean.map((value) => value.toFixed(6)), std], [["0.300000", "0.300000"], [
    0.5,
    0.5,
  ]]);
});

Deno.test("each thing that is asked overrides what is noted of it, and a mode asked for is the library's no more", () => {
  const preprocessing = {
    ...{ image_size: 64, interpolation: "bilinear", crop_mode: "squash", crop_pct: 0.5 },
    ...{ mean: [0.1, 0.1, 0.1], std: [0.2, 0.2, 0.2], crop_added: true, evaluation_size: 48 },
  };
  const noted = preprocessingOf({ preprocessing }, 3);
  assertEquals({ ...noted, channels: 3 }, { ...preprocessing, channels: 3 } as typeof noted);
  const asked = {
    ...{ image_size: 32, interpolation: "box", crop_mode: "border", crop_pct: 0.25 } as const,
    ...{ mean: [0.5, 0.5, 0.5], std: [1, 1, 1], exif: "apply" } as const,
  };
  const seen = preprocessingOf({ preprocessing }, 3, asked);
  assertEquals(seen, { ...asked, channels: 3, evaluation_size: 48 });
  assertEquals(
    describePreprocessing(seen),
    "Images: EXIF orientation applied, long side resized to 128, box; " +
      "center crop or padding to 32 x 32; mean 0.5 0.5 0.5; standard deviation 1 1 1",
  );
  const squashed = preprocessingOf({}, 3, { image_size: 56, crop_pct: 0.5, crop_mode: "squash" });
  assertEquals(
    describePreprocessing(squashed).split("; ").slice(0, 2),
    ["Images: both sides resized to 112, bicubic", "center crop of 56 x 56"],
  );
});

Deno.test("the border has the colour of the mean, to the nearest level", () => {
  const border = { crop_mode: "border", mean: [0.1, 0.5, 1] } as const;
  assertEquals(imageViewOf(preprocessingOf({}, 3, border)).fill, [26, 128, 255]);
  assertEquals("fill" in imageViewOf(preprocessingOf({}, 3, { mean: [0.1, 0.5, 1] })), false);
});

Deno.test("only a normalisation that a file or its run states is taken over from it", () => {
  const mean = [0.1, 0.2, 0.3], std = [0.4, 0.5, 0.6];
  assertEquals(notedNormalization({}, 3), undefined);
  assertEquals(notedNormalization({ preprocessing: { image_size: 98 } }, 3), undefined);
  assertEquals(notedNormalization({ preprocessing: { mean, std } }, 3), { mean, std });
  assertEquals(notedNormalization({ config: { data: { mean, std } } }, 3), { mean, std });
  const known = notedNormalization({ config: { data: { mean: "imagenet", std: "imagenet" } } }, 3);
  assertEquals(known, { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] });
});

Deno.test("a crop keeps all of a side or some of it, never nothing or more", () => {
  const keeping = (crop_pct: unknown) =>
    preprocessingOf({ preprocessing: { crop_pct } }, 3).crop_pct;
  assertEquals([keeping(1), keeping(0.01), keeping(null)], [1, 0.01, 0.875]);
  for (const crop_pct of [0, -0.5, 1.001, "0.9"]) {
    assertThrows(() => keeping(crop_pct), RangeError, "a share above 0 and up to 1");
  }
});

Deno.test("deviations that cannot divide are refused", () => {
  const preprocessing = { mean: [0.5, 0.5, 0.5], std: [0.2, 0, 0.2] };
  assertThrows(
    () => preprocessingOf({ preprocessing }, 3),
    RangeError,
    "standard deviations 0.2, 0, 0.2",
  );
  for (const std of [[0.2, -0.1, 0.2], [0.2, 0.2, null], 0.2, [0.1, 0.1, 0.1, 0.1]]) {
    assertThrows(() => preprocessingOf({ preprocessing: { std } }, 3), RangeError);
  }
});

const exports = {
  safetensors: "again.safetensors",
  hf: "folder",
  timm: "timm.safetensors",
} as const;

testTensor("exports carry channels, mean, deviation and size, in every format that can", () => {
  inFolder((folder) => {
    const sizes = { embedDim: 32, depth: 1, numHeads: 2, imgSize: 16, patchSize: 8, inChans: 1 };
    using model = new VisionTransformer(sizes).eval();
    const path = join(folder, "gray.safetensors");
    const config = { data, crops: { global_crops_size: 16 } };
    exportBackbone({ model, state: { config } }, path, "safetensors");
    const first = loadBackbone(path);
    using _first = first.model;
    const seen = { state: { preprocessing: first.state.preprocessing } };
    for (const format of ["safetensors", "hf", "timm"] as const) {
      const again = join(folder, exports[format]);
      exportBackbone({ ...first, ...seen }, again, format);
      const { model, imageSize, normalization } = loadBackbone(again, { numHeads: 2 });
      using _second = model;
      assertEquals([imageSize, model.options.inChans], [16, 1], format);
      assertEquals(normalization, { mean: data.mean, std: data.std }, format);
    }
  });
});

Deno.test("a side that a share was divided out of comes back from it", () => {
  for (const image_size of [28, 98, 224, 518]) {
    for (let side = image_size; side <= 600; side++) {
      const seen = preprocessingOf({}, 3, { image_size, crop_pct: image_size / side });
      assertEquals(resizedSide(seen), side);
    }
  }
});

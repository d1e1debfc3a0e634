import { assertEquals, assertThrows } from "@std/assert";
import { parseTimmConfig } from "../../../src/backbone/model_folder/timm_config.ts";
import {
  describePreprocessing,
  imageViewOf,
  preprocessingOf,
  resizedSide,
} from "../../../src/backbone/preprocessing.ts";

const noted = {
  input_size: [3, 32, 32],
  interpolation: "bicubic",
  crop_pct: 0.9,
  crop_mode: "center",
  mean: [0.5, 0.5, 0.5],
  std: [0.25, 0.5, 1],
};

function prepared(pretrained_cfg: Record<string, unknown>) {
  const { preprocessing } = parseTimmConfig(JSON.stringify({ architecture: "v", pretrained_cfg }));
  return preprocessingOf({ preprocessing }, 3);
}

Deno.test("what pretrained_cfg states is taken whole", () => {
  const seen = prepared(noted);
  assertEquals(imageViewOf(seen), { imageSize: 32, resize: 35 });
  assertEquals([seen.mean, seen.std, seen.evaluation_size], [noted.mean, noted.std, 224]);
  const squashed = prepared({ ...noted, crop_mode: "squash", interpolation: "bilinear" });
  assertEquals(imageViewOf(squashed), {
    ...{ imageSize: 32, resize: 35, interpolation: "bilinear", cropMode: "squash" },
  });
  const bordered = prepared({ ...noted, crop_mode: "border", crop_pct: 1 });
  const view = { imageSize: 32, resize: 32, cropMode: "border", fill: [128, 128, 128] };
  assertEquals(imageViewOf(bordered), view as ReturnType<typeof imageViewOf>);
  assertEquals(
    describePreprocessing(bordered),
    "Images: long side resized to 32, bicubic; center crop or padding to 32 x 32; " +
      "mean 0.5 0.5 0.5; standard deviation 0.25 0.5 1",
  );
});

Deno.test("sides before the crop are timm's, also where nothing is said of the crop", () => {
  const sides = ([[224, 0.9, 248], [224, 0.875, 256], [518, 1, 518], [384, 0.95, 404]] as const)
    .map(([size, crop_pct]) =>
      resizedSide(prepared({ ...noted, input_size: [3, size, size], crop_pct }))
    );
  assertEquals(sides, [248, 256, 518, 404]);
  assertEquals(resizedSide(prepared({ ...noted, crop_pct: null })), 36);
});

Deno.test("configurations of older and of other kinds are told apart", () => {
  const flat = parseTimmConfig(JSON.stringify({ architecture: "vit", mean: [0.5, 0.5, 0.5] }));
  assertEquals(flat.preprocessing?.mean, [0.5, 0.5, 0.5]);
  assertEquals(parseTimmConfig('{ "architecture": "vit" }').preprocessing, {});
  assertEquals(parseTimmConfig('{ "model_type": "dinov2", "image_mean": [1, 1, 1] }'), {});
});

Deno.test("the number of heads is read, and what cannot be computed here is refused", () => {
  const parse = (model_args: unknown, pretrained_cfg = {}) =>
    parseTimmConfig(JSON.stringify({ architecture: "v", model_args, pretrained_cfg }));
  assertEquals([1, 3].map((num_heads) => parse({ num_heads }).numHeads), [1, 3]);
  assertEquals([parse({ num_heads: "3" }).numHeads, parse({ num_heads: 0 }).numHeads], [
    undefined,
    undefined,
  ]);
  assertEquals(parse({ act_layer: "gelu" }).numHeads, undefined);
  const unnamed = parseTimmConfig(JSON.stringify({ pretrained_cfg: noted }));
  assertEquals(unnamed.preprocessing?.image_size, 32, "its architecture need not be named");
  assertThrows(() => parse({ act_layer: "quick_gelu" }), Error, 'its act_layer is "quick_gelu"');
  const oblong =
    "its input_size is [3,32,64], and only squares are supported. Where the network itself is one for " +
    "squares, move that file away, and give --image-size";
  assertThrows(() => parse({}, { input_size: [3, 32, 64] }), Error, oblong);
  assertThrows(
    () => prepared({ ...noted, interpolation: "random" }),
    Error,
    'interpolation "random": it must be nearest, lanczos, bilinear',
  );
  assertThrows(
    () => prepared({ ...noted, crop_mode: "corner" }),
    Error,
    'with crop_mode "corner": it must be center, squash, border',
  );
  assertThrows(() => prepared({ ...noted, crop_pct: 1.2 }), Error, "with crop_pct 1.2");
});

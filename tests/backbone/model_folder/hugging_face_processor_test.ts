import { assertEquals, assertThrows } from "@std/assert";
import {
  huggingFaceProcessor,
  parseHuggingFaceProcessor,
} from "../../../src/backbone/model_folder/hugging_face_processor.ts";
import {
  describePreprocessing,
  imageViewOf,
  type Preprocessing,
  preprocessingOf,
} from "../../../src/backbone/preprocessing.ts";

const noted = { mean: [0.1, 0.2, 0.3], std: [1, 2, 3] };

/** What comes of a processor with these values. */
function prepared(config: Record<string, unknown>): Preprocessing {
  return preprocessingOf({ preprocessing: parseHuggingFaceProcessor(JSON.stringify(config)) }, 3);
}

Deno.test("how images are prepared goes to transformers and comes back", () => {
  const bordered = { ...noted, crop_mode: "border" as const };
  for (
    const preprocessing of [
      noted,
      { ...noted, image_size: 98 },
      { ...noted, image_size: 28, crop_mode: "squash", interpolation: "bilinear" },
      { ...noted, image_size: 256, crop_pct: 256 / 292, interpolation: "lanczos" },
      { ...noted, image_size: 224, crop_pct: 0.9, crop_mode: "squash" },
    ]
  ) {
    const seen = preprocessingOf({ preprocessing }, 3);
    const back = prepared(JSON.parse(huggingFaceProcessor(seen)));
    assertEquals(imageViewOf(back), imageViewOf(seen));
    assertEquals([back.mean, back.std], [noted.mean, noted.std]);
  }
  const seen = preprocessingOf({ preprocessing: bordered }, 3);
  assertThrows(() => huggingFaceProcessor(seen), RangeError, "with a border");
});

Deno.test("the released models' processor is written as it is released", () => {
  const written = JSON.parse(huggingFaceProcessor(preprocessingOf({}, 3)));
  const released = {
    image_processor_type: "BitImageProcessor",
    do_convert_rgb: true,
    do_resize: true,
    size: { shortest_edge: 256 },
    resample: 3,
    do_center_crop: true,
    crop_size: { height: 224, width: 224 },
    do_rescale: true,
    rescale_factor: 0.00392156862745098,
    do_normalize: true,
    image_mean: [0.485, 0.456, 0.406],
    image_std: [0.229, 0.224, 0.225],
  };
  assertEquals(written, released);
  const squashed = preprocessingOf({}, 1, { image_size: 28, crop_mode: "squash", crop_pct: 1 });
  const { do_convert_rgb, do_center_crop, size } = JSON.parse(huggingFaceProcessor(squashed));
  assertEquals([do_convert_rgb, do_center_crop, size], [false, false, { height: 28, width: 28 }]);
});

Deno.test("a size of one number is both sides for the processors that squash, the short one for others", () => {
  const squashing = ["ViT", "BEiT", "Beit", "DeiT", "DINOv3ViT", "Siglip"];
  for (const [names, crop_mode] of [[squashing, "squash"], [["Bit", "CLIP", "MyViT"], "center"]]) {
    for (const name of names) {
      const image_processor_type = `${name}ImageProcessor`;
      const given = { size: 40, do_center_crop: false, image_processor_type };
      assertEquals(prepared(given).crop_mode, crop_mode as Preprocessing["crop_mode"], name);
      const cropped = { ...given, crop_size: 28, do_center_crop: true };
      assertEquals(prepared(cropped).crop_mode, "center", name);
    }
  }
  assertEquals(prepared({ size: 40, crop_size: 40 }).image_size, 40, "a crop of the whole");
});

Deno.test("sizes, crops and filters are read in every form that transformers writes", () => {
  const cases: [config: Record<string, unknown>, line: string][] = [
    [
      { size: { shortest_edge: 256 }, crop_size: { height: 224, width: 224 }, resample: 3 },
      "short side resized to 256, bicubic; center crop of 224 x 224",
    ],
    [
      { size: 256, crop_size: 224, do_center_crop: true, resample: 1 },
      "short side resized to 256, lanczos; center crop of 224 x 224",
    ],
    [{ crop_size: 32 }, "short side resized to 32, bicubic; center crop of 32 x 32"],
    [{ size: { height: 28, width: 28 }, resample: 2 }, "both sides resized to 28, bilinear"],
    [
      { size: { height: 28, width: 28 }, crop_size: 14, do_center_crop: false, resample: 2 },
      "both sides resized to 28, bilinear",
    ],
    [
      { size: { height: 32, width: 32 }, crop_size: 28, do_center_crop: true },
      "both sides resized to 32, bicubic; center crop of 28 x 28",
    ],
    [
      { size: 384, image_processor_type: "ViTImageProcessor", do_center_crop: null, resample: 0 },
      "both sides resized to 384, nearest",
    ],
    [
      { size: { shortest_edge: 40 }, do_center_crop: false },
      "short side resized to 40, bicubic; center crop of 40 x 40 " +
      "(their library would not crop, but all images must have one size)",
    ],
    [
      { size: { shortest_edge: 224 }, crop_pct: 0.875, resample: 5 },
      "short side resized to 256, hamming; center crop of 224 x 224",
    ],
  ];
  for (const [config, line] of cases) {
    assertEquals(
      describePreprocessing(prepared(config)),
      `Images: ${line}; mean 0.485 0.456 0.406; standard deviation 0.229 0.224 0.225`,
    );
  }
});

Deno.test("evaluations keep their own size unless the crop is that of theirs", () => {
  assertEquals(prepared({ size: { shortest_edge: 64 }, crop_size: 64 }).evaluation_size, 64);
  assertEquals(prepared({ size: { height: 28, width: 28 } }).evaluation_size, 224);
  assertEquals(prepared({}).evaluation_size, 224);
});

Deno.test("images that are not normalised, or not rescaled, keep their scale", () => {
  const { mean, std } = prepared({ do_normalize: false, image_mean: [0.5, 0.5, 0.5] });
  assertEquals([mean, std], [[0, 0, 0], [1, 1, 1]]);
  const bytes = prepared({
    do_rescale: false,
    image_mean: [51, 102, 153],
    image_std: [255, 51, 51],
  });
  assertEquals([bytes.mean, bytes.std], [[0.2, 0.4, 0.6], [1, 0.2, 0.2]]);
  const half = prepared({ rescale_factor: 2 / 255, image_mean: [1, 1, 1], image_std: [2, 2, 2] });
  assertEquals([half.mean, half.std], [[0.5, 0.5, 0.5], [1, 1, 1]]);
});

Deno.test("what cannot be done here, or is no configuration, is refused", () => {
  const refused = (config: Record<string, unknown>, fault: string) =>
    assertThrows(() => prepared(config), Error, fault);
  refused({ size: { height: 28, width: 14 } }, 'its size is {"height":28,"width":14}');
  refused({ size: { longest_edge: 28 } }, "only squares are supported. Move that file away");
  refused({ crop_size: { height: 1, width: 2 } }, "its crop_size is");
  refused(
    { size: { shortest_edge: 20 }, crop_size: 28 },
    "it crops 28 pixels of images resized to 20",
  );
  refused({ do_resize: false, crop_size: 28 }, "its do_resize is false, and images must get one");
  refused({ do_resize: false, do_center_crop: false }, "Move that file away");
  refused({ resample: 6 }, "its resample is 6");
  refused({ resample: "bicubic" }, 'its resample is "bicubic"');
  refused({ rescale_factor: 0 }, "its rescale_factor is 0");
  refused({ do_flip_channel_order: true }, "it swaps red and blue");
  refused({ do_pad: true }, "its do_pad is true, and images cannot be prepared so here. Move");
  refused({ size: 28, keep_aspect_ratio: true }, "its keep_aspect_ratio is true");
  const harmless = [
    ...["do_resize", "do_center_crop", "do_rescale", "do_normalize", "do_convert_rgb"],
    ...["do_reduce_labels", "do_convert_annotations", "return_tensors"],
  ];
  const steps = Object.fromEntries(harmless.map((name) => [name, true]));
  assertEquals(prepared({ ...steps, do_pad: false }).image_size, 224);
  refused({ image_mean: [0.5, 0.5] }, "with mean [0.5,0.5]: it must be a list of 3 numbers");
  refused({ crop_size: 8, image_std: [0.5, 0.5, "x"] }, 'with std [0.5,0.5,"x"]');
  assertThrows(() => parseHuggingFaceProcessor("{"), Error, "it is not JSON");
  assertThrows(() => parseHuggingFaceProcessor("[]"), Error, "it is not a configuration");
});

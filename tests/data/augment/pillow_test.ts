import { assert } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { readSafetensors } from "../../../src/checkpoint/safetensors.ts";
import {
  adjustBrightness,
  adjustContrast,
  adjustHue,
  adjustSaturation,
  grayscale,
  solarize,
} from "../../../src/data/augment/color_operations.ts";
import { evalTransform } from "../../../src/data/augment/eval_transform.ts";
import { gaussianBlur } from "../../../src/data/augment/gaussian_blur.ts";
import { imageTensor, resizedCrop } from "../../../src/data/augment/resize.ts";
import type { DecodedImage } from "../../../src/data/image.ts";
import { tensor } from "../../../src/tensor/create.ts";
import type { Tensor } from "../../../src/tensor/tensor.ts";
import { testTensor } from "../../helpers.ts";

// deno-lint-ignore no-explicit-any -- parameters differ from operation to operation
type Params = any;

const strength = (value: number) => tensor([value], { shape: [1, 1, 1, 1] });

/** Each operation of the golden file, on `[1, 3, H, W]` in float32 or on the decoded image itself. */
const OPERATIONS: Record<string, (x: Tensor, params: Params, image: DecodedImage) => Tensor> = {
  brightness: (x, { factor }) => adjustBrightness(x, strength(factor)),
  contrast: (x, { factor }) => adjustContrast(x, strength(factor)),
  saturation: (x, { factor }) => adjustSaturation(x, strength(factor)),
  hue: (x, { factor }) => adjustHue(x, strength(factor)),
  grayscale: (x) => grayscale(x),
  gaussian_blur: (x, { sigma }) => gaussianBlur(x, strength(sigma)),
  solarize: (x) => solarize(x),
  hflip: (x) => x.flip([3]),
  resized_crop: (_, params, image) => resizedCrop(imageTensor(image), params, params.size),
  eval_transform: (_, { resize, center_crop }, image) =>
    evalTransform(image, center_crop, { resize }),
};

/** Greatest difference in grey levels; the mean must stay below 0.02 everywhere. Measured over all golden images. */
const GREATEST: Record<string, number> = {
  hue: 6, // one step of 8-bit hue, through the float32 order of operations
  resized_crop: 2,
  gaussian_blur: 1,
};

const path = fromFileUrl(new URL("../../golden/augment.safetensors", import.meta.url));

for (const [operation, apply] of Object.entries(OPERATIONS)) {
  testTensor(`${operation} gives Pillow's pixels`, () => {
    const { tensors, metadata } = readSafetensors(path);
    const cases = JSON.parse(metadata.cases).filter((each: Params) => each.op === operation);
    assert(cases.length > 0, `the golden file has no case of ${operation}`);
    for (const { name, source, params } of cases) {
      const bytes = tensors[`source.${source}`]; // [H, W, 3]
      const [height, width] = bytes.shape;
      const image = { pixels: bytes.toArray() as Uint8Array<ArrayBuffer>, width, height };
      const input = imageTensor(image).to({ dtype: "float32" }).unsqueeze(0);
      const expected = tensors[name].permute([2, 0, 1]).to({ dtype: "float32" });
      const far = apply(input, params, image).to({ dtype: "float32" }).sub(expected).abs();
      const [mean, greatest] = [far.mean().item(), far.max().item()];
      const allowed = GREATEST[operation] ?? 0;
      assert(greatest <= allowed, `${name}: a pixel is ${greatest} levels off, ${allowed} allowed`);
      assert(mean <= 0.02, `${name}: pixels are ${mean} levels off on average`);
    }
  });
}

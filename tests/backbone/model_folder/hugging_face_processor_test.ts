import "../../native.ts";
import { assertEquals, assertThrows } from "@std/assert";
import {
  huggingFaceProcessor,
  parseHuggingFaceProcessor,
} from "../../../src/backbone/model_folder/hugging_face_processor.ts";

const seen = { image_size: 224, mean: [0.1, 0.2, 0.3], std: [1, 2, 3] };

Deno.test("how images are prepared goes to transformers and comes back", () => {
  const text = huggingFaceProcessor(seen);
  const { size, crop_size, resample } = JSON.parse(text);
  assertEquals([size, crop_size, resample], [
    { shortest_edge: 256 },
    { height: 224, width: 224 },
    3,
  ]);
  assertEquals(parseHuggingFaceProcessor(text), seen);
});

Deno.test("images of other sizes than 224 are not cropped", () => {
  const { size, crop_size } = JSON.parse(huggingFaceProcessor({ ...seen, image_size: 98 }));
  assertEquals([size.shortest_edge, crop_size.height], [98, 98]);
});

Deno.test("a crop size that is one number counts, and what is no configuration is refused", () => {
  assertEquals(parseHuggingFaceProcessor('{ "crop_size": 32 }').image_size, 32);
  assertEquals(
    parseHuggingFaceProcessor('{ "do_normalize": false, "image_mean": [0.5, 0.5, 0.5] }'),
    { image_size: undefined, mean: [0, 0, 0], std: [1, 1, 1] },
  );
  assertThrows(() => parseHuggingFaceProcessor("{"), Error, "it is not JSON");
  assertThrows(() => parseHuggingFaceProcessor("[]"), Error, "it is not a configuration");
});

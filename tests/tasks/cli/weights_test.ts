import { assertEquals, assertThrows } from "@std/assert";
import { Flags } from "../../../tasks/cli/flags.ts";
import { viewFlags, viewOptions, weightsFlags } from "../../../tasks/cli/weights.ts";

function read(...words: string[]) {
  return viewOptions(new Flags(words, { optional: [...weightsFlags, ...viewFlags] }));
}

Deno.test("every flag about weights and views reaches what reads them", () => {
  const words = ["--num-heads=3", "--positions=hf", "--channels=16", "--mean=0,0.5", "--std=1,2"];
  const view = ["--image-size=99", "--interpolation=bilinear", "--crop-mode=squash"];
  assertEquals(read(...words, ...view, "--crop-pct=1"), {
    numHeads: 3,
    positions: "hf",
    channels: 16,
    preprocessing: {
      mean: [0, 0.5],
      std: [1, 2],
      image_size: 99,
      interpolation: "bilinear",
      crop_mode: "squash",
      crop_pct: 1,
    },
  });
});

Deno.test("more than the whole of an image and more than 16 channels are refused", () => {
  assertThrows(() => read("--crop-pct=1.01"), TypeError, "give a share up to 1");
  assertThrows(() => read("--channels=17"), TypeError, "give 1 to 16");
});

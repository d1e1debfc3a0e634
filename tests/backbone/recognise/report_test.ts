import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { BackboneFile } from "../../../src/backbone/recognise/backbone_file.ts";
import { describeImport } from "../../../src/backbone/recognise/report.ts";
import type { RecognisedBackbone } from "../../../src/backbone/recognise/recognise.ts";
import { openTensorFile } from "../../../src/checkpoint/open_tensor_file.ts";
import { testTensor } from "../../helpers.ts";

function golden(name: string): string {
  return fromFileUrl(new URL(`../../golden/${name}`, import.meta.url));
}

testTensor(
  "every tensor of a file counts once, also where three of them make one parameter",
  () => {
    const path = golden("hf_dinov2/model.safetensors");
    using whole = openTensorFile(path);
    const { size } = whole.entries;
    using file = new BackboneFile(path);
    assertEquals(describeImport(file.found), [
      "Vision transformer of width 32, 4 blocks, 2 heads, MLP, patches of 14, 0 registers, " +
      "5 x 5 positions interpolated without antialiasing, offset 0.1",
      `Loaded ${size} of ${size} tensors (Hugging Face naming)`,
    ]);
  },
);

testTensor("what was left over, skipped, inflated and made up is told, each in a line", () => {
  using file = new BackboneFile(golden("vit_reg4_swiglu.safetensors"), {
    numHeads: 2,
    channels: 1,
  });
  const found: RecognisedBackbone = {
    ...file.found,
    leftOver: ["dino_head.a", "dino_head.b", "epoch"],
    skipped: ["argparse.Namespace"],
    madeUp: ["mask_token"],
  };
  const used = file.found.origins.size;
  const lines = describeImport(found);
  assertEquals(lines[0].split(", ").slice(3, 6), ["SwiGLU", "patches of 14", "4 registers"]);
  assertEquals(lines.slice(1), [
    `Loaded ${used} of ${used + 3} tensors (reference naming)`,
    "Ignored: dino_head (2), epoch",
    'Skipped Python objects, none of which ran: "argparse.Namespace"',
    "The patch embedding for red, green and blue was summed into one for gray",
    "Not in the file, set to zero: mask_token, which only masking uses",
  ]);
  using four = new BackboneFile(golden("vit_plain.safetensors"), { numHeads: 2, channels: 4 });
  assertEquals(
    describeImport(four.found).at(-1),
    "The patch embedding for red, green and blue was repeated for 4 and scaled by 3/4",
  );
});

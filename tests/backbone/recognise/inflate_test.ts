import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { noGrad } from "../../../src/autograd/mode.ts";
import { writeSafetensors } from "../../../src/checkpoint/safetensors.ts";
import { loadBackbone } from "../../../src/backbone/backbone.ts";
import { Generator, rand } from "../../../src/tensor/random.ts";
import { VisionTransformer } from "../../../src/vit/vision_transformer.ts";
import { assertClose, testTensor } from "../../helpers.ts";
import { inFolder } from "../../checkpoint/in_folder.ts";

const sizes = { embedDim: 32, depth: 1, numHeads: 2, imgSize: 16, patchSize: 8, initValues: 1 };

testTensor(
  "weights for RGB give the same features for the same light in any number of channels",
  () => {
    inFolder((folder) => {
      using rgb = new VisionTransformer(sizes).eval();
      const path = join(folder, "rgb.safetensors");
      writeSafetensors(path, rgb.stateDict());
      using generator = new Generator(0);
      const light = rand([2, 1, 16, 16], { generator });
      const expected = noGrad(() => rgb.forward(light.expand([2, 3, 16, 16])));
      for (const channels of [1, 3, 6, 9]) {
        const { model, report } = loadBackbone(path, { numHeads: 2, channels });
        using _ = model;
        assertEquals(model.options.inChans, channels);
        const found = noGrad(() => model.forward(light.expand([2, channels, 16, 16])));
        assertClose(found, expected, { atol: 1e-5 });
        const told = { 1: "summed into one for gray", 3: "" }[channels] ??
          `repeated for ${channels} and scaled by 3/${channels}`;
        assertStringIncludes(report.join("\n"), told);
      }
    });
  },
);

testTensor("weights for other channels are not inflated", () => {
  inFolder((folder) => {
    using model = new VisionTransformer({ ...sizes, inChans: 5 }).eval();
    const path = join(folder, "five.safetensors");
    writeSafetensors(path, model.stateDict());
    assertThrows(
      () => loadBackbone(path, { numHeads: 2, channels: 4 }),
      Error,
      "Cannot use weights for images of 5 channels with 4",
    );
  });
});

testTensor(
  "other numbers of channels than threes take the weights of red, green and blue in turn, scaled",
  () => {
    inFolder((folder) => {
      using rgb = new VisionTransformer(sizes).eval();
      const path = join(folder, "rgb.safetensors");
      writeSafetensors(path, rgb.stateDict());
      const weight = rgb.patchEmbed.proj.weight.detach();
      for (const channels of [2, 4, 5]) {
        using model = loadBackbone(path, { numHeads: 2, channels }).model;
        for (let channel = 0; channel < channels; channel++) {
          const expected = weight.select(1, channel % 3).mul(3 / channels);
          assertClose(model.patchEmbed.proj.weight.detach().select(1, channel), expected);
        }
      }
    });
  },
);

import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { noGrad } from "../../../src/autograd/mode.ts";
import { exportFormats } from "../../../src/backbone/export/formats.ts";
import { loadBackbone } from "../../../src/backbone/backbone.ts";
import { exportBackbone } from "../../../src/backbone/export/export_backbone.ts";
import type { Tensor } from "../../../src/tensor/tensor.ts";
import type { VisionTransformerOptions } from "../../../src/vit/options.ts";
import { VisionTransformer } from "../../../src/vit/vision_transformer.ts";
import { inFolder } from "../../checkpoint/in_folder.ts";
import { assertClose, testTensor } from "../../helpers.ts";

const OPTIONS = { embedDim: 48, depth: 2, numHeads: 6, imgSize: 32, patchSize: 8 };
const paths = { safetensors: "w.safetensors", pth: "w.pth", hf: "w", timm: "t.safetensors" };

const variants: Record<string, VisionTransformerOptions> = {
  plain: { initValues: 0.5 },
  "with registers and gates": { numRegisterTokens: 3, ffnLayer: "swiglu" },
  "without LayerScale": { initValues: 0 },
};

for (const [what, options] of Object.entries(variants)) {
  testTensor(`a backbone ${what} comes back from every format with its features`, () => {
    inFolder((folder) => {
      using model = new VisionTransformer({ ...OPTIONS, ...options }).eval();
      for (const format of exportFormats) {
        const { own } = exportBackbone({ model, state: {} }, join(folder, paths[format]), format);
        assertEquals(own.size, [32, 32]);
        assert(own.largest < 1e-5, `${format}: ${own.largest}`);
      }
    });
  });
}

testTensor("readers that resize positions in their own way are told by the difference", () => {
  inFolder((folder) => {
    using model = new VisionTransformer({ ...OPTIONS, initValues: 1 }).eval();
    const largest = (format: typeof exportFormats[number]) =>
      exportBackbone({ model, state: {} }, join(folder, paths[format]), format).resized.largest;
    assert(Math.max(largest("safetensors"), largest("pth")) < 1e-5);
    assert(Math.min(largest("hf"), largest("timm")) > 1e-5);
  });
});

testTensor("safetensors keep the heads, the resizing and the run's configuration", () => {
  inFolder((folder) => {
    const path = join(folder, "w.safetensors");
    const options = { ...OPTIONS, interpolateOffset: 0, interpolateAntialias: true };
    using model = new VisionTransformer(options).eval();
    const state = { iteration: 41, config: { crops: { global_crops_size: 32 } } };
    exportBackbone({ model, state }, path, "safetensors");
    const backbone = loadBackbone(path);
    using copy = backbone.model;
    assertEquals([backbone.iteration, backbone.imageSize], [41, 32]);
    assertEquals({ ...copy.options, initValues: 0 }, { ...model.options, initValues: 0 });
    assertClose(copy.posEmbed, model.posEmbed, { atol: 0, rtol: 0 });
  });
});

testTensor("weights of NaN are not vouched for", () => {
  inFolder((folder) => {
    using model = new VisionTransformer(OPTIONS).eval();
    noGrad(() => model.blocks[0].norm1.bias!.narrow(0, 0, 1).fill_(NaN));
    assertThrows(
      () => exportBackbone({ model, state: {} }, join(folder, "w.safetensors"), "safetensors"),
      Error,
      "its features differ from the backbone's by up to NaN",
    );
  });
});

testTensor("a path that readers would not recognise is refused before anything is written", () => {
  inFolder((folder) => {
    using model = new VisionTransformer(OPTIONS);
    const refuse = (name: string, format: typeof exportFormats[number], hint: string) => {
      const path = join(folder, name);
      assertThrows(() => exportBackbone({ model, state: {} }, path, format), TypeError, hint);
    };
    refuse("w.pth", "timm", "its name must end in .safetensors");
    refuse("w", "pth", "its name must end in .pth or .pt or .bin");
    refuse("w.safetensors", "hf", "name a folder");
    assertEquals([...Deno.readDirSync(folder)], []);
  });
});

testTensor("an export is vouched for up to a ten-thousandth", () => {
  inFolder((folder) => {
    using model = new VisionTransformer(OPTIONS).eval();
    const exported = (shift: number) => {
      const state = model.stateDict();
      const drifting = Object.create(model, {
        stateDict: { value: () => ({ ...state, "norm.bias": model.norm.bias!.add(shift) }) },
        forwardFeatures: { value: (images: Tensor) => model.forwardFeatures(images) },
      });
      return exportBackbone({ model: drifting, state: {} }, join(folder, "w.pth"), "pth").own
        .largest;
    };
    assert(exported(5e-5) > 4e-5);
    assertThrows(() => exported(2e-4), Error, "Cannot verify");
  });
});

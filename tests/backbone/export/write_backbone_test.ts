import { assertEquals, assertThrows } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { loadBackbone } from "../../../src/backbone/backbone.ts";
import { exportBackbone } from "../../../src/backbone/export/export_backbone.ts";
import { checkExportPath, type ExportFormat } from "../../../src/backbone/export/formats.ts";
import { writeBackbone } from "../../../src/backbone/export/write_backbone.ts";
import { preprocessingOf } from "../../../src/backbone/preprocessing.ts";
import { readSafetensors } from "../../../src/checkpoint/safetensors.ts";
import { VisionTransformer } from "../../../src/vit/vision_transformer.ts";
import { inFolder } from "../../checkpoint/in_folder.ts";
import { testTensor } from "../../helpers.ts";

const golden = (name: string) => fromFileUrl(new URL(`../../golden/${name}`, import.meta.url));

for (
  const [name, format] of [
    ["hf_dinov2", "hf"],
    ["hf_dinov2_with_registers", "hf"],
    ["timm_plain", "timm"],
    ["timm_reg4", "timm"],
  ] as const
) {
  testTensor(`what is read from ${name} is written to the same tensors, bit for bit`, () => {
    inFolder((folder) => {
      const source = golden(name);
      const path = join(folder, format === "hf" ? "written" : "written.safetensors");
      const backbone = loadBackbone(source, { numHeads: 2 });
      using _ = backbone.model;
      writeBackbone(path, format, {
        ...{ tensors: backbone.model.stateDict(), options: backbone.model.options, state: {} },
      });
      const theirs = readSafetensors(join(source, "model.safetensors")).tensors;
      const written = readSafetensors(format === "hf" ? join(path, "model.safetensors") : path);
      assertEquals(Object.keys(written.tensors).toSorted(), Object.keys(theirs).toSorted());
      for (const [name, tensor] of Object.entries(theirs)) {
        assertEquals(written.tensors[name].shape, tensor.shape, name);
        assertEquals(written.tensors[name].toArray(), tensor.toArray(), name);
      }
      assertEquals(written.metadata, { format: "pt" }, "transformers refuses a file without");
      if (format !== "hf") return;
      const [config, own] = [source, path].map((folder) =>
        JSON.parse(Deno.readTextFileSync(join(folder, "config.json")))
      );
      const { torch_dtype, ...settings } = own;
      assertEquals({ ...config, ...settings }, config);
      assertEquals(torch_dtype, config.dtype);
    });
  });
}

testTensor(
  "branches that are not scaled are scaled by one for Hugging Face, whose models always do",
  () => {
    inFolder((folder) => {
      using model = new VisionTransformer({
        ...{ embedDim: 24, depth: 2, numHeads: 2, imgSize: 16, patchSize: 8, initValues: 0 },
      });
      writeBackbone(folder, "hf", {
        tensors: model.stateDict(),
        options: model.options,
        state: {},
      });
      const { tensors } = readSafetensors(join(folder, "model.safetensors"));
      const scales = Object.entries(tensors).filter(([name]) => name.includes("layer_scale"));
      assertEquals(scales.map(([name]) => name.replace("encoder.layer.", "")).toSorted(), [
        ...["0.layer_scale1.lambda1", "0.layer_scale2.lambda1"],
        ...["1.layer_scale1.lambda1", "1.layer_scale2.lambda1"],
      ]);
      for (const [, scale] of scales) assertEquals(scale.toList(), Array<number>(24).fill(1));
    });
  },
);

testTensor("how images are prepared lies beside the weights or in them, where it is known", () => {
  inFolder((folder) => {
    using model = new VisionTransformer({
      ...{ embedDim: 24, depth: 1, numHeads: 2, imgSize: 16, patchSize: 8 },
    });
    const preprocessing = preprocessingOf({}, 3, { image_size: 98, mean: [0.1, 0.2, 0.3] });
    const backbone = { tensors: model.stateDict(), options: model.options };
    const filesOf = (name: string) =>
      Array.from(Deno.readDirSync(join(folder, name)), ({ name }) => name).toSorted();
    writeBackbone(join(folder, "plain"), "hf", { ...backbone, state: {} });
    assertEquals(filesOf("plain"), ["config.json", "model.safetensors"]);
    writeBackbone(join(folder, "seen"), "hf", { ...backbone, state: { preprocessing } });
    assertEquals(filesOf("seen"), [
      ...["config.json", "model.safetensors", "preprocessor_config.json"],
    ]);
    const metadataOf = (format: ExportFormat) => {
      const path = join(folder, `${format}.safetensors`);
      const config = { student: { arch: "vit_nano" } };
      writeBackbone(path, format, { ...backbone, state: { preprocessing, config } });
      return Object.keys(readSafetensors(path).metadata).toSorted();
    };
    assertEquals(metadataOf("timm"), ["format", "preprocessing"]);
    assertEquals(metadataOf("safetensors"), ["backbone", "config", "format", "preprocessing"]);
  });
});

Deno.test("each format has its endings, and a folder none", () => {
  const allowed = {
    safetensors: ["w.safetensors"],
    pth: ["w.pth", "w.pt", "a.b/w.bin"],
    hf: ["w", "a.b/w"],
    timm: ["w.safetensors"],
  };
  for (const [format, paths] of Object.entries(allowed)) {
    for (const path of new Set(Object.values(allowed).flat())) {
      const check = () => checkExportPath(path, format as ExportFormat);
      if (paths.includes(path)) check();
      else assertThrows(check, TypeError, `Cannot write the format ${format} to "${path}"`);
    }
  }
});

testTensor("features are compared on an image of the table's size and on a wider one", () => {
  inFolder((folder) => {
    using model = new VisionTransformer({
      ...{ embedDim: 24, depth: 1, numHeads: 3, imgSize: 32, patchSize: 8, inChans: 2 },
    }).eval();
    const { own, resized } = exportBackbone({ model, state: {} }, join(folder, "w.pth"), "pth");
    assertEquals([own.size, resized.size], [[32, 32], [32, 48]]);
    assertEquals([own.largest, resized.largest], [0, 0]);
  });
});

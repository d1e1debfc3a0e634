import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { saveCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { writeTorch } from "../../src/checkpoint/torch/write_torch.ts";
import { writeSafetensors } from "../../src/checkpoint/safetensors.ts";
import { loadBackbone } from "../../src/backbone/backbone.ts";
import { noGrad } from "../../src/autograd/mode.ts";
import type { Preprocessing } from "../../src/backbone/preprocessing.ts";
import { reference } from "../../src/backbone/key_mapping/reference.ts";
import { toMetadata } from "../../src/checkpoint/metadata.ts";
import { huggingFace } from "../../src/backbone/key_mapping/hugging_face.ts";
import type { KeyMapping } from "../../src/backbone/key_mapping/key_mapping.ts";
import { timm } from "../../src/backbone/key_mapping/timm.ts";
import { checkFiniteFeatures } from "../../src/features/finite_features.ts";
import { full } from "../../src/tensor/create.ts";
import { randn } from "../../src/tensor/random.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";
import { VisionTransformer } from "../../src/vit/vision_transformer.ts";
import { inFolder } from "../checkpoint/in_folder.ts";
import { assertClose, testTensor } from "../helpers.ts";

const NANO = { embedDim: 64, depth: 4, numHeads: 2, imgSize: 32, patchSize: 8 };

function prefixed(prefix: string, state: Record<string, Tensor>): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(state).map(([key, value]) => [prefix + key, value]));
}

testTensor(
  "a teacher in a checkpoint comes back with the same features and its own options",
  () => {
    inFolder((folder) => {
      using model = new VisionTransformer({ ...NANO, interpolateOffset: 0, numRegisterTokens: 2 });
      const config = {
        student: { arch: "vit_nano", interpolate_offset: 0, interpolate_antialias: false },
        crops: { global_crops_size: 32 },
        evaluation: { image_size: 0 },
      };
      saveCheckpoint(folder, {
        iteration: 7,
        tensors: prefixed("teacher.backbone.", model.stateDict()),
        state: { config },
      });
      const backbone = loadBackbone(folder);
      using loaded = backbone.model;
      assertEquals([backbone.iteration, backbone.imageSize, backbone.leftOver], [7, 32, []]);
      assertEquals([loaded.training, loaded.parameters().some((p) => p.requiresGrad)], [
        false,
        false,
      ]);
      assertEquals({ ...loaded.options, initValues: 0 }, { ...model.options, initValues: 0 });
      const images = randn([2, 3, 40, 24]);
      assertClose(loaded.forward(images), model.eval().forward(images), { atol: 0, rtol: 0 });
    });
  },
);

testTensor(
  "a bare file of a known architecture needs no configuration; what is no part is told",
  () => {
    inFolder((folder) => {
      const path = join(folder, "backbone.safetensors");
      using model = new VisionTransformer({ ...NANO, ffnLayer: "swiglu" });
      writeSafetensors(path, { ...model.stateDict(), "head.weight": randn([2, 2]) });
      const backbone = loadBackbone(path);
      using loaded = backbone.model;
      assertEquals([backbone.imageSize, backbone.leftOver], [224, ["head.weight"]]);
      assertEquals([loaded.options.ffnLayer, loaded.options.numHeads], ["swiglu", 2]);
    });
  },
);

testTensor("files that hold no whole backbone are refused by what they lack", () => {
  inFolder((folder) => {
    const path = join(folder, "broken.safetensors");
    using model = new VisionTransformer(NANO);
    const state = model.stateDict();
    const refused = (changed: Record<string, Tensor>) => {
      writeSafetensors(path, changed);
      const { message } = assertThrows(() => loadBackbone(path), Error) as Error;
      assertStringIncludes(message, `(in "${path}")`);
      return message;
    };
    const { "norm.bias": _, "blocks.1.ls2.gamma": __, ...rest } = state;
    assertStringIncludes(refused(rest), "it lacks blocks.1.ls2.gamma, norm.bias (in");
    const { cls_token: ___, ...headless } = state;
    assertStringIncludes(refused(headless), "cls_token is missing");
    assertStringIncludes(
      refused({ ...state, pos_embed: randn([3]) }),
      "pos_embed has the shape [3]",
    );
    assertStringIncludes(
      refused({ ...state, pos_embed: randn([1, 8, 64]) }),
      "pos_embed has 8 entries",
    );
    assertStringIncludes(
      refused({ ...state, "norm.bias": randn([63]) }),
      '"norm.bias" of shape [63]',
    );
    const odd = Object.fromEntries(
      Object.entries(state).filter(([name]) => !name.startsWith("blocks.3.")),
    );
    assertStringIncludes(refused(odd), "Cannot infer the number of attention heads");
  });
});

testTensor("a tensor of NaN is named as its own file spells it", () => {
  inFolder((folder) => {
    using model = new VisionTransformer(NANO);
    const state = model.stateDict();
    const broken: [name: string, mapping: KeyMapping, told: string][] = [
      ["cls_token", huggingFace, "embeddings.cls_token"],
      ["blocks.1.mlp.fc1.bias", timm, "blocks.1.mlp.fc1.bias"],
      [
        "blocks.2.attn.qkv.bias",
        huggingFace,
        ["query", "key", "value"]
          .map((part) => `encoder.layer.2.attention.attention.${part}.bias`).join(" or "),
      ],
    ];
    for (const [name, mapping, told] of broken) {
      const path = join(folder, "w.safetensors");
      const theirs = mapping.toExternal({ ...state, [name]: full(state[name].shape, NaN) });
      writeSafetensors(path, prefixed("model.", theirs));
      const backbone = loadBackbone(path);
      using _ = backbone.model;
      assertThrows(
        () => checkFiniteFeatures(full([1, 64], NaN), backbone),
        RangeError,
        `with ${path}: its tensor ${told.replaceAll(/(^| or )/g, "$1model.")} holds NaN`,
      );
    }
  });
});

testTensor(
  "weights of half precision are read to the values that they hold, whoever named them",
  () => {
    inFolder((folder) => {
      using model = new VisionTransformer({ ...NANO, numRegisterTokens: 2, initValues: 1 });
      for (const mapping of [reference, huggingFace, timm]) {
        for (const dtype of ["float16", "bfloat16"] as const) {
          const path = join(folder, "half.safetensors");
          const halves = noGrad(() =>
            Object.entries(mapping.toExternal(model.stateDict()))
              .map(([name, tensor]) => [name, tensor.to({ dtype })] as const)
          );
          writeSafetensors(path, Object.fromEntries(halves));
          using loaded = loadBackbone(path).model;
          for (const name of ["blocks.1.attn.qkv.weight", "patch_embed.proj.weight", "pos_embed"]) {
            const { [name]: own } = loaded.stateDict();
            assertEquals(own.dtype, "float32");
            const expected = model.stateDict()[name].detach().to({ dtype }).to({
              dtype: "float32",
            });
            // timm's table has no position of the class token.
            const [found, right] = mapping === timm && name === "pos_embed"
              ? [own, expected].map((table) => table.narrow(1, 1, 16))
              : [own, expected];
            assertEquals(found.detach().toArray(), right.toArray(), `${mapping.owner} ${name}`);
          }
        }
      }
    });
  },
);

testTensor(
  "normalisation is reported where it is asked for or a model's folder states it, and a size where it is noted",
  () => {
    inFolder((folder) => {
      const path = join(folder, "w.safetensors");
      using model = new VisionTransformer(NANO);
      const loaded = (
        state: Record<string, unknown>,
        preprocessing: Partial<Preprocessing> = {},
      ) => {
        writeSafetensors(path, model.stateDict(), toMetadata(state));
        const { model: network, ...backbone } = loadBackbone(path, { preprocessing });
        network.dispose();
        return backbone;
      };
      const bare = loaded({});
      assertEquals([bare.path, bare.iteration, bare.notedSide], [path, undefined, undefined]);
      assertEquals(bare.report.some((line) => line.startsWith("Normalised")), false);
      assertEquals(bare.preprocessing, bare.state.preprocessing);
      const mean = "Normalised by mean 1 1 1 and standard deviation 0.229 0.224 0.225 (as asked)";
      assertEquals(loaded({}, { mean: [1, 1, 1] }).report.at(-1), mean);
      const std = "Normalised by mean 0.485 0.456 0.406 and standard deviation 1 1 1 (as asked)";
      assertEquals(loaded({}, { std: [1, 1, 1] }).report.at(-1), std);
      const noted = loaded({
        iteration: "soon",
        preprocessing: { image_size: 98, crop_pct: 0.875 },
      });
      assertEquals([noted.iteration, noted.notedSide, noted.imageSize], [undefined, 112, 98]);
      assertEquals(loaded({ iteration: 0 }).iteration, 0);
    });
  },
);

testTensor("weights that turn out damaged while they are read leave no network behind", () => {
  inFolder((folder) => {
    const path = join(folder, "w.pth");
    using model = new VisionTransformer(NANO);
    writeTorch(path, { ...model.stateDict(), "norm.bias": full([64], 3) });
    const bytes = Deno.readFileSync(path);
    const at = bytes.findIndex((_, i) =>
      [0, 0, 64, 64, 0, 0, 64, 64].every((b, j) => b === bytes[i + j])
    );
    Deno.writeFileSync(path, bytes.with(at, 1));
    assertThrows(() => loadBackbone(path), Error, "a checksum in it does not match its bytes");
  });
});

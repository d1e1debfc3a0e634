import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { BackboneFile } from "../../../src/backbone/recognise/backbone_file.ts";
import { recogniseBackbone } from "../../../src/backbone/recognise/recognise.ts";
import { describeImport } from "../../../src/backbone/recognise/report.ts";
import { toMetadata } from "../../../src/checkpoint/metadata.ts";
import { writeSafetensors } from "../../../src/checkpoint/safetensors.ts";
import { huggingFace } from "../../../src/backbone/key_mapping/hugging_face.ts";
import { reference } from "../../../src/backbone/key_mapping/reference.ts";
import { timm } from "../../../src/backbone/key_mapping/timm.ts";
import { writeTorch } from "../../../src/checkpoint/torch/write_torch.ts";
import type { TensorFacts } from "../../../src/checkpoint/tensor_facts.ts";
import { noGrad } from "../../../src/autograd/mode.ts";
import { Stream } from "../../../src/random/stream.ts";
import { zeros } from "../../../src/tensor/create.ts";
import type { Tensor } from "../../../src/tensor/tensor.ts";
import type { VisionTransformerOptions } from "../../../src/vit/options.ts";
import { VisionTransformer } from "../../../src/vit/vision_transformer.ts";
import { testTensor } from "../../helpers.ts";
import { inFolder } from "../../checkpoint/in_folder.ts";

const NANO = { embedDim: 64, depth: 4, numHeads: 2, imgSize: 32, patchSize: 8 };

/** The tensors of a small backbone, of any other options. */
function weights(options: VisionTransformerOptions = {}): Record<string, Tensor> {
  using vit = new VisionTransformer({ ...NANO, ...options });
  const copies = Object.entries(vit.stateDict()).map((
    [name, value],
  ) => [name, value.detach().clone()]);
  return Object.fromEntries(copies);
}

const variants: Record<string, VisionTransformerOptions> = {
  "a plain one": {},
  "one with registers": { numRegisterTokens: 4 },
  "one with gates": { ffnLayer: "swiglu" },
  "one with both": { ffnLayer: "swiglu", numRegisterTokens: 2 },
};

for (const [what, options] of Object.entries(variants)) {
  testTensor(`of a backbone, ${what}, every mapping is recognised`, () => {
    inFolder((folder) => {
      const state = weights(options);
      for (const mapping of [huggingFace, timm]) {
        const path = join(folder, "model.safetensors");
        writeSafetensors(path, noGrad(() => mapping.toExternal(state)));
        using file = new BackboneFile(path);
        assertEquals(file.found.mapping.owner, mapping.owner);
        assertEquals([...file.found.origins.keys()], Object.keys(state));
        assertEquals(
          file.read("blocks.3.attn.qkv.weight").toArray(),
          state["blocks.3.attn.qkv.weight"].toArray(),
        );
        const ffn = options.ffnLayer === "swiglu"
          ? "blocks.3.mlp.w12.bias"
          : "blocks.3.mlp.fc1.bias";
        assertEquals(file.read(ffn).toArray(), state[ffn].toArray());
      }
    });
  });
}

testTensor("a training checkpoint of the reference is seen through to its teacher", () => {
  inFolder((folder) => {
    const path = join(folder, "model_0000009.rank_0.pth");
    const entries = Object.entries(weights()).map(([name, tensor]): [string, Tensor] => [
      "model.teacher.backbone." +
      name.replace(/^blocks.([0-9])/, (_, i) => `blocks.${+i >> 1}.${i}`),
      tensor,
    ]);
    writeTorch(path, {
      ...Object.fromEntries(entries),
      "model.student.backbone.cls_token": zeros([1, 1, 64]),
      "model.student.dino_head.mlp.0.bias": zeros([2]),
      "model.teacher.dino_head.mlp.0.weight": zeros([2, 64]),
      "model.teacher.dino_head.mlp.0.bias": zeros([2]),
      "optimizer.state.0.exp_avg": zeros([1]),
    });
    using file = new BackboneFile(path, { positions: "timm" });
    assertEquals(describeImport(file.found), [
      "vit_nano of width 64, 4 blocks, 2 heads, MLP, patches of 8, 0 registers, " +
      "4 x 4 positions interpolated with antialiasing",
      "Loaded 63 of 68 tensors (reference naming)",
      "Ignored: model.student (2), model.teacher.dino_head (2), optimizer",
    ]);
  });
});

testTensor(
  "what a run or an export noted goes before what is customary, and what is asked before both",
  () => {
    inFolder((folder) => {
      const path = join(folder, "w.safetensors");
      const backbone = { num_heads: 4, interpolate_offset: 0, interpolate_antialias: true };
      writeSafetensors(path, weights(), toMetadata({ backbone }));
      const facts = (options = {}) => {
        using file = new BackboneFile(path, options);
        const { numHeads, interpolateOffset, interpolateAntialias } = file.found.options;
        return [numHeads, interpolateOffset, interpolateAntialias];
      };
      assertEquals(facts(), [4, 0, true]);
      assertEquals(facts({ numHeads: 8, positions: "reference" }), [8, 0.1, false]);
      assertEquals(facts({ positions: "hf" }), [4, 0, false]);
    });
  },
);

testTensor(
  "a config.json gives the number of heads, and what cannot be computed here is refused",
  () => {
    inFolder((folder) => {
      writeSafetensors(
        join(folder, "model.safetensors"),
        huggingFace.toExternal(weights({ depth: 3 })),
      );
      const config = join(folder, "config.json");
      const open = () => {
        using file = new BackboneFile(folder);
        return file.found.options.numHeads;
      };
      assertThrows(open, Error, "Cannot infer the number of attention heads");
      Deno.writeTextFileSync(
        config,
        JSON.stringify({ num_attention_heads: 8, hidden_act: "gelu" }),
      );
      assertEquals(open(), 8);
      Deno.writeTextFileSync(
        config,
        JSON.stringify({ num_attention_heads: 8, layer_norm_eps: 1e-5 }),
      );
      assertThrows(open, Error, 'its layer_norm_eps is "0.00001", and only 0.000001 is supported');
      Deno.writeTextFileSync(config, "{");
      assertThrows(open, Error, 'config.json": it is not JSON');
    });
  },
);

testTensor("a file that is no backbone, or only part of one, is refused by what it lacks", () => {
  inFolder((folder) => {
    const path = join(folder, "w.safetensors");
    const refused = (state: Record<string, Tensor>, fault: string) => {
      writeSafetensors(path, state);
      const { message } = assertThrows(() => new BackboneFile(path), Error, fault) as Error;
      assertEquals(message.endsWith(`(in "${path}")`), true);
    };
    const state = weights();
    const { "blocks.2.attn.qkv.weight": _, ...rest } = state;
    refused(rest, "it lacks blocks.2.attn.qkv.weight");
    const { "encoder.layer.1.attention.attention.key.bias": __, ...part } = huggingFace.toExternal(
      state,
    );
    refused(part, "it lacks blocks.1.attn.qkv.bias");
    refused({ "fc.weight": zeros([2, 2]) }, "there is no patch embedding, but fc");
    refused(
      { ...state, "norm.bias": zeros([64], { dtype: "int64" }) },
      '"norm.bias": its dtype is int64',
    );
  });
});

testTensor("a small file whose tensors share their bytes cannot claim a large network", () => {
  const entries = new Map(
    Object.entries(weights()).map(([name, { dtype, shape }]) => [name, { name, dtype, shape }]),
  );
  assertThrows(
    () => recogniseBackbone({ entries, size: 10_000 }, () => ({})),
    Error,
    "bytes of a file of 10000",
  );
});

testTensor(
  "shapes that contradict each other are refused in one sentence, whatever the spelling",
  () => {
    const state = weights({ numRegisterTokens: 1 });
    for (const mapping of [reference, huggingFace, timm]) {
      const whole = Object.entries(noGrad(() => mapping.toExternal(state)))
        .map(([name, { dtype, shape }]): TensorFacts => ({ name, dtype, shape }));
      for (let i = 0; i < 300; i++) {
        const stream = new Stream(0, mapping.owner, i);
        const changed = stream.integer(0, whole.length - 1);
        const shape = whole[changed].shape.map((length) =>
          [length, 0, 1, length * 2, 2 ** 40][stream.integer(0, 4)]
        ).slice(0, stream.integer(0, 4));
        const entries = new Map(
          whole.with(changed, { ...whole[changed], shape }).map((facts) => [facts.name, facts]),
        );
        try {
          recogniseBackbone({ entries, size: 2 ** 30 }, () => ({}));
          assertEquals(shape, whole[changed].shape);
        } catch (error) {
          const { message } = error as Error;
          assertMatch(message, /^Cannot (load|recognise|infer|cut|split|build)[^\n]{10,300}$/);
          assertEquals(/undefined|NaN|null/.test(message), false, message);
        }
      }
    }
  },
);

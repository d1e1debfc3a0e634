import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { noGrad } from "../../../src/autograd/mode.ts";
import { loadBackbone } from "../../../src/backbone/backbone.ts";
import { timm } from "../../../src/backbone/key_mapping/timm.ts";
import { likenessOf } from "../../../src/backbone/recognise/likeness.ts";
import { recogniseBackbone } from "../../../src/backbone/recognise/recognise.ts";
import { byteSize } from "../../../src/checkpoint/tensor_facts.ts";
import { writeSafetensors } from "../../../src/checkpoint/safetensors.ts";
import { zeros } from "../../../src/tensor/create.ts";
import type { Tensor } from "../../../src/tensor/tensor.ts";
import { VisionTransformer } from "../../../src/vit/vision_transformer.ts";
import { inFolder } from "../../checkpoint/in_folder.ts";
import { testTensor } from "../../helpers.ts";

const others = fromFileUrl(new URL("../../golden/others", import.meta.url));

const foreign: Record<string, [fault: string, network: string]> = {
  "qk_norm.safetensors": [
    "no place for its parameters blocks.0.attn.k_norm.bias, blocks.0.attn.k_norm.weight",
    "normalised queries and keys, which is not supported",
  ],
  "rope_ape.safetensors": [
    "no place for its parameters blocks.0.gamma_1, blocks.0.gamma_2",
    "with rotary positions in most of its variants",
  ],
  "dinov3.pth": ["pos_embed is missing", "those of DINOv3 with rotary positions, which is not"],
  "hf_dinov3": [
    "there is no patch embedding",
    "those of DINOv3 with rotary positions, which is not",
  ],
};

for (const [name, messages] of Object.entries(foreign)) {
  testTensor(`${name} is refused, and told what it is`, () => {
    const load = () => loadBackbone(join(others, name), { numHeads: 3 });
    const { message } = assertThrows(load, Error) as Error;
    for (const part of messages) assertStringIncludes(message, part);
  });
}

testTensor("the encoder of a MAE is read without its decoder, whose mask token it is", () => {
  const { model, report, leftOver } = loadBackbone(join(others, "mae_full.pth"), { numHeads: 3 });
  using vit = model;
  assertEquals(vit.maskToken.toArray(), zeros([1, 24]).toArray());
  assertEquals(leftOver.map((name) => name.replace("model.", "")), [
    "mask_token",
    "decoder_pos_embed",
    "decoder_embed.weight",
  ]);
  assertStringIncludes(report.join("\n"), "Not in the file, set to zero: mask_token");
});

/** A tiny network's tensors, with this before each name. */
function tensors(prefix = ""): Record<string, Tensor> {
  using vit = new VisionTransformer({
    ...{ embedDim: 64, depth: 4, numHeads: 2, imgSize: 16, patchSize: 8 },
  });
  return Object.fromEntries(
    Object.entries(vit.stateDict()).map(([name, value]) => [
      prefix + name,
      value.detach().clone(),
    ]),
  );
}

/** Loads tensors from a file; returns its report, or the message why it is refused. */
function loaded(content: Record<string, Tensor>): string {
  return inFolder((folder) => {
    const path = join(folder, "w.safetensors");
    writeSafetensors(path, content);
    try {
      const { model, report } = loadBackbone(path);
      model.dispose();
      return report.join("\n");
    } catch (error) {
      return (error as Error).message;
    }
  });
}

testTensor("parameters anywhere in a network that have no place are refused by name", () => {
  const odd = [
    "blocks.3.attn.q_norm.weight",
    "blocks.0.gamma_3",
    "norm_pre.weight",
    "patch_embed.norm.bias",
    "rope.periods",
    "dist_token",
    "adapter.0.weight",
  ];
  for (const name of odd) {
    assertStringIncludes(
      loaded({ ...tensors(), [name]: zeros([2]) }),
      `this architecture has no place for its parameters ${name}`,
    );
  }
});

testTensor(
  "a mask token beside registers of timm's name does not make the file the reference's",
  () => {
    using vit = new VisionTransformer({
      ...{ embedDim: 64, depth: 4, numHeads: 2, imgSize: 16, patchSize: 8, numRegisterTokens: 3 },
    });
    const state = noGrad(() => timm.toExternal(vit.stateDict()));
    const report = loaded({ ...state, mask_token: zeros([1, 64]) });
    assertStringIncludes(report, "3 registers");
    assertStringIncludes(report, "(timm naming)");
  },
);

testTensor("what stands behind a network or counts its steps is left out", () => {
  const behind = [
    ...["head.weight", "fc_norm.bias", "fc.weight", "dino_head.mlp.0.weight", "classifier.bias"],
    ...["logits.bias", "pooler.dense.weight", "projector.0.weight", "predictor.0.weight"],
    ...["decoder.0.weight", "loss.c", "optimizer.0", "scheduler.last", "queue", "center"],
  ];
  const content = Object.fromEntries(behind.map((name) => [name, zeros([2])]));
  assertStringIncludes(
    loaded({ ...tensors(), ...content, steps: zeros([]) }),
    `Ignored: ${behind.map((name) => name.split(".")[0]).join(", ")}, steps`,
  );
  assertStringIncludes(
    loaded({ ...tensors(), "my_fc.weight": zeros([2]) }),
    "no place for its parameters my_fc.weight",
  );
});

testTensor("blocks in chunks that would be one block are refused", () => {
  const { "blocks.0.norm1.bias": bias, ...rest } = tensors();
  const chunked = { "blocks.0.0.norm1.bias": bias, "blocks.1.0.norm1.bias": bias };
  assertStringIncludes(loaded({ ...rest, ...chunked }), 'two tensors are "blocks.0.norm1.bias"');
});

testTensor("a file may be full of a network to its last byte", () => {
  const entries = new Map(
    Object.entries(tensors()).map(([name, { dtype, shape }]) => [name, { name, dtype, shape }]),
  );
  const bytes = entries.values().reduce((sum, facts) => sum + byteSize(facts), 0);
  const recognise = (size: number) => recogniseBackbone({ entries, size }, () => ({}));
  assertEquals(recognise(bytes).leftOver, []);
  assertThrows(() => recognise(bytes - 1), Error, `claim ${bytes} bytes of a file of ${bytes - 1}`);
});

testTensor("a backbone under any prefix is found if it is the only whole one", () => {
  const whole = tensors("net.encoder.trunk.");
  assertStringIncludes(loaded({ ...whole, "net.x": zeros([1]) }), "Ignored: net");
  const { "ema.norm.bias": _, ...part } = tensors("ema.");
  assertStringIncludes(loaded({ ...whole, ...part }), "Loaded 63 of 125 tensors");
  assertStringIncludes(
    loaded({ ...whole, ...tensors("ema.") }),
    'there is a complete one under each of "net.encoder.trunk.", "ema."',
  );
  assertStringIncludes(loaded({ ...whole, ...tensors("teacher.") }), "Loaded 63 of 126 tensors");
  const { "a.norm.bias": __, ...other } = tensors("a.");
  assertStringIncludes(loaded({ ...other, ...part }), "it lacks norm.bias");
});

Deno.test("well-known networks are told by the names of their tensors", () => {
  const known: Record<string, readonly string[]> = {
    "DINOv3 with rotary positions": ["rope_embed.periods"],
    "CLIP": [
      "visual.transformer.resblocks.0.ln_1.weight",
      "vision_model.encoder.layers.0.self_attn.q_proj.weight",
      "text_projection",
      "logit_scale",
      "embeddings.class_embedding",
      "ln_pre.weight",
    ],
    "SigLIP": ["vision_model.head.attention.in_proj_weight", "logit_bias", "attn_pool.latent"],
    "Swin": ["layers.0.blocks.0.attn.relative_position_bias_table"],
    "BEiT, whose positions are relative": [
      "blocks.0.attn.relative_position_bias_table",
      "blocks.0.attn.relative_position_index",
      "rel_pos_bias.relative_position_bias",
    ],
    "SAM, whose positions are relative": ["image_encoder.blocks.0.attn.rel_pos_h", "rel_pos_w"],
    "EVA with rotary positions": [
      "blocks.0.attn.q_proj.weight",
      "blocks.0.attn.k_proj.weight",
      "blocks.0.attn.inner_attn_ln.weight",
      "rope.freqs_cos",
    ],
    "an EVA of timm, with rotary positions in most of its variants": ["blocks.0.gamma_1"],
    "ConvNeXt": [
      "stages.0.blocks.0.conv_dw.weight",
      "stages.0.1.dwconv.weight",
      "downsample_layers.0.0.weight",
    ],
    "ResNet": ["layer1.0.conv1.weight", "layer4.2.conv1.weight"],
    "EfficientNet or MobileNet": ["conv_stem.weight"],
    "a distilled DeiT": ["dist_token", "deit.embeddings.distillation_token"],
    "Hugging Face's own MAE": ["decoder.decoder_layers.0.layernorm_after.bias"],
    "Hugging Face's own ViT, whose weights timm has under names that can be read": [
      "vit.encoder.layer.0.layernorm_before.weight",
    ],
    "a LoRA adapter without its backbone": [
      "model.blocks.0.attn.qkv.lora_A.weight",
      "model.blocks.0.attn.qkv.lora_B.weight",
    ],
    "a language model": [
      "lm_head.weight",
      "model.embed_tokens.weight",
      "transformer.wte.weight",
      "bert.embeddings.word_embeddings.weight",
    ],
    "a vision transformer with rotary positions": ["pos_embed.rope", "encoder_rotary.inv_freq"],
    "a vision transformer with normalised queries and keys": [
      "blocks.0.attn.q_norm.weight",
      "encoder.layer.0.attention.q_norm.weight",
    ],
    "a vision transformer with a norm before its blocks": ["norm_pre.weight"],
  };
  for (const [network, names] of Object.entries(known)) {
    for (const name of names) assertEquals(likenessOf([name]), network, name);
  }
  assertEquals(likenessOf(["blocks.0.norm1.weight", "head.weight", "cls_token"]), undefined);
});

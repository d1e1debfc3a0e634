import { assertEquals, assertThrows } from "@std/assert";
import {
  huggingFaceConfig,
  parseHuggingFaceConfig,
} from "../../../src/backbone/model_folder/hugging_face_config.ts";
import { releasedOptions } from "../../../src/vit/architectures.ts";

Deno.test("released models get the configuration that Hugging Face has for them", () => {
  const { architectures, ...small } = JSON.parse(huggingFaceConfig(releasedOptions("vit_small")));
  assertEquals(architectures, ["Dinov2Model"]);
  assertEquals(small, {
    model_type: "dinov2",
    hidden_act: "gelu",
    layer_norm_eps: 1e-6,
    qkv_bias: true,
    hidden_size: 384,
    num_hidden_layers: 12,
    num_attention_heads: 6,
    mlp_ratio: 4,
    use_swiglu_ffn: false,
    image_size: 518,
    patch_size: 14,
    num_channels: 3,
    torch_dtype: "float32",
  });
  const giant = JSON.parse(huggingFaceConfig(releasedOptions("vit_giant2", { registers: true })));
  assertEquals([giant.model_type, giant.num_register_tokens, giant.use_swiglu_ffn], [
    "dinov2_with_registers",
    4,
    true,
  ]);
});

Deno.test("a single register makes a network with registers", () => {
  const typeOf = (numRegisterTokens: number) =>
    JSON.parse(huggingFaceConfig({ numRegisterTokens })).model_type;
  assertEquals([typeOf(0), typeOf(1)], ["dinov2", "dinov2_with_registers"]);
});

Deno.test("a width that Hugging Face cannot build is refused", () => {
  assertThrows(() => huggingFaceConfig({ mlpRatio: 2.5 }), RangeError, "2.5 times as wide");
});

Deno.test("the number of heads is read back, and what makes no sense is refused", () => {
  assertEquals(parseHuggingFaceConfig(huggingFaceConfig({ numHeads: 3, embedDim: 96 })), {
    numHeads: 3,
  });
  assertEquals(parseHuggingFaceConfig("{}"), {});
  assertEquals(parseHuggingFaceConfig('{"num_attention_heads": 1}'), { numHeads: 1 });
  assertThrows(() => parseHuggingFaceConfig("[]"), Error, "it is not a configuration");
  assertThrows(() => parseHuggingFaceConfig('{"num_attention_heads": "x"}'), Error, "heads is");
  const refused = (config: Record<string, unknown>, fault: string) =>
    assertThrows(() => parseHuggingFaceConfig(JSON.stringify(config)), Error, fault);
  refused({ num_attention_heads: 0 }, "its num_attention_heads is");
  refused({ qkv_bias: false }, 'its qkv_bias is "false", and only true is supported');
  refused({ hidden_act: "gelu_new" }, "its hidden_act is");
  refused({ layer_norm_eps: 1e-12 }, "its layer_norm_eps is");
});

import { resolveOptions, type VisionTransformerOptions } from "../../vit/options.ts";
import { isCount, parseObject } from "../../files/header_validation.ts";
import { quoted } from "../../files/quoted.ts";

const MODELS = {
  plain: { model_type: "dinov2", architectures: ["Dinov2Model"] },
  registers: {
    model_type: "dinov2_with_registers",
    architectures: ["Dinov2WithRegistersModel"],
  },
};

/** What every vision transformer here computes with, and a configuration may set otherwise. */
const FIXED: Readonly<Record<string, unknown>> = {
  hidden_act: "gelu",
  layer_norm_eps: 1e-6,
  qkv_bias: true,
};

/**
 * Reads what weights do not tell from a `config.json`.
 *
 * @param text The file's content.
 * @returns The number of attention heads, if it is in there.
 * @throws {Error} When it is not JSON, or asks for a network that cannot be built here; the message completes "Cannot use
 * …: ".
 */
export function parseHuggingFaceConfig(text: string): { numHeads?: number } {
  const config = parseObject(text);
  for (const [key, value] of Object.entries(FIXED)) {
    const found = config[key] ?? value;
    if (found !== value) {
      throw new Error(
        `its ${key} is ${quoted(JSON.stringify(found))}, and only ${
          JSON.stringify(value)
        } is supported`,
      );
    }
  }
  const heads = config.num_attention_heads;
  if (heads === undefined) return {};
  if (isCount(heads) && heads > 0) return { numHeads: heads };
  throw new Error(`its num_attention_heads is ${quoted(JSON.stringify(heads))}`);
}

/**
 * The `config.json` from which `transformers` builds the same network. What it leaves out is as `transformers` has it by
 * default.
 *
 * @throws {RangeError} If `transformers` can build no such network.
 */
export function huggingFaceConfig(options: VisionTransformerOptions): string {
  const { embedDim, depth, numHeads, mlpRatio, ffnLayer, ...rest } = resolveOptions(options);
  if (!Number.isInteger(mlpRatio)) {
    throw new RangeError(
      `Cannot write a network for Hugging Face whose feed-forward layers are ${mlpRatio} times as wide as its ` +
        "tokens: there it must be a whole number",
    );
  }
  const hasRegisters = rest.numRegisterTokens > 0;
  const config = {
    ...(hasRegisters ? MODELS.registers : MODELS.plain),
    ...FIXED,
    hidden_size: embedDim,
    num_hidden_layers: depth,
    num_attention_heads: numHeads,
    mlp_ratio: mlpRatio,
    use_swiglu_ffn: ffnLayer !== "mlp",
    image_size: rest.imgSize,
    patch_size: rest.patchSize,
    num_channels: rest.inChans,
    ...(hasRegisters && { num_register_tokens: rest.numRegisterTokens }),
    torch_dtype: "float32",
  };
  return JSON.stringify(config, null, 2) + "\n";
}

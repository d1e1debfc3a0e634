/** Networks that people have weights of, by names that only their tensors have: all of them must be there. */
const NETWORKS: readonly (readonly [what: string, ...marks: RegExp[]])[] = [
  ["DINOv3 with rotary positions", /(^|\.)rope_embed\.periods$/],
  [
    "DINOv3 with rotary positions",
    /(^|\.)layer\.\d+\.attention\.o_proj\./,
    /(^|\.)embeddings\.patch_embeddings\.weight$/,
  ],
  ["SigLIP", /(^|\.)(logit_bias$|attn_pool\.latent|vision_model\.head\.attention)/],
  [
    "CLIP",
    /(^|\.)(text_projection|logit_scale$|visual\.|vision_model\.|class_embedding$|ln_pre\.)/,
  ],
  ["Swin", /(^|\.)layers\.\d+\.blocks\.\d+\./],
  ["SAM, whose positions are relative", /(^|\.)rel_pos_[hw]$/],
  ["BEiT, whose positions are relative", /relative_position_(bias_table|index)|rel_pos_bias/],
  ["EVA with rotary positions", /(^|\.)blocks\.\d+\.attn\.(q_proj|k_proj|inner_attn_ln)\./],
  ["EVA with rotary positions", /(^|\.)rope\.freqs/],
  [
    "an EVA of timm, with rotary positions in most of its variants",
    /(^|\.)blocks\.\d+\.gamma_1$/,
  ],
  ["ConvNeXt", /(^|\.)(downsample_layers\.\d+|stages\.\d+\.(blocks\.)?\d+\.(dwconv|conv_dw))\./],
  ["ResNet", /(^|\.)layer[1-4]\.\d+\.conv1\./],
  ["EfficientNet or MobileNet", /(^|\.)conv_stem\./],
  ["a distilled DeiT", /(^|\.)(dist_token|distillation_token)$/],
  ["Hugging Face's own MAE", /(^|\.)decoder\.decoder_layers\./],
  [
    "Hugging Face's own ViT, whose weights timm has under names that can be read",
    /(^|\.)encoder\.layer\.\d+\.layernorm_before\./,
  ],
  ["a LoRA adapter without its backbone", /(^|\.)lora_(A|B)\./],
  ["a language model", /(^|\.)(lm_head|embed_tokens|wte|word_embeddings)\./],
  ["a vision transformer with rotary positions", /(^|[._])(rope|rotary)/],
  [
    "a vision transformer with normalised queries and keys",
    /(^|\.)(blocks|layer)\.\d+\.(attn|attention)\.q_norm\./,
  ],
  ["a vision transformer with a norm before its blocks", /(^|\.)norm_pre\./],
];

/** What a file of these names holds, where its network is a known one: `DINOv3 with rotary positions`. */
export function likenessOf(names: readonly string[]): string | undefined {
  const network = NETWORKS.find(([, ...marks]) =>
    marks.every((mark) => names.some((name) => mark.test(name)))
  );
  return network?.[0];
}

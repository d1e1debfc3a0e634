import { swiGluHidden } from "../../nn/swiglu.ts";
import { resolveOptions, type VisionTransformerOptions } from "../../vit/options.ts";
import type { ExportFormat } from "./formats.ts";

/**
 * What to write in Python to open an export, once the modules that it names are imported.
 *
 * @param path The file, or the folder of the format "hf".
 * @param format Its format.
 * @param options The backbone's: timm has to be told them, since a file of weights does not say them.
 */
export function pythonCode(
  path: string,
  format: ExportFormat,
  options: VisionTransformerOptions,
): string {
  const place = JSON.stringify(path);
  switch (format) {
    case "safetensors":
      return `weights = safetensors.torch.load_file(${place})`;
    case "pth":
      return `weights = torch.load(${place}, weights_only=True)`;
    case "hf":
      return `model = transformers.AutoModel.from_pretrained(${place})`;
    case "timm":
      return `model = timm.models.VisionTransformer(${argumentsOf(options).join(", ")}); ` +
        `timm.models.load_checkpoint(model, ${place})`;
  }
}

function argumentsOf(options: VisionTransformerOptions): string[] {
  const resolved = resolveOptions(options);
  const { imgSize, patchSize, inChans, embedDim, depth, numHeads, mlpRatio, ...rest } = resolved;
  const gate = swiGluHidden(Math.trunc(embedDim * mlpRatio));
  return [
    `img_size=${imgSize}, patch_size=${patchSize}, embed_dim=${embedDim}`,
    `depth=${depth}, num_heads=${numHeads}`,
    ...inChans === 3 ? [] : [`in_chans=${inChans}`],
    ...rest.initValues === 0 ? [] : ["init_values=1"], // any: LayerScale is there, and then loaded
    ...rest.numRegisterTokens === 0
      ? []
      : [`reg_tokens=${rest.numRegisterTokens}, no_embed_class=True`],
    ...rest.ffnLayer === "mlp" ? [`mlp_ratio=${mlpRatio}`] : [
      `mlp_layer=timm.layers.SwiGLUPacked, mlp_ratio=${2 * gate / embedDim}`,
      "act_layer=torch.nn.SiLU",
    ],
    "num_classes=0, dynamic_img_size=True",
  ];
}

import { cat, ones } from "../../tensor/create.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { TensorFacts } from "../../checkpoint/tensor_facts.ts";
import { asItIs, type KeyMapping, type Origin } from "./key_mapping.ts";

/** The reference's names with Hugging Face's, outside of blocks. */
const OUTSIDE = [
  ["cls_token", "embeddings.cls_token"],
  ["mask_token", "embeddings.mask_token"],
  ["register_tokens", "embeddings.register_tokens"],
  ["pos_embed", "embeddings.position_embeddings"],
  ["patch_embed.proj.", "embeddings.patch_embeddings.projection."],
  ["norm.", "layernorm."],
] as const;

/** The same inside of blocks, queries, keys and values apart. */
const INSIDE = [
  ["norm1.", "norm1."],
  ["norm2.", "norm2."],
  ["attn.proj.", "attention.output.dense."],
  ["ls1.gamma", "layer_scale1.lambda1"],
  ["ls2.gamma", "layer_scale2.lambda1"],
  ["mlp.fc1.", "mlp.fc1."],
  ["mlp.fc2.", "mlp.fc2."],
  ["mlp.w12.", "mlp.weights_in."],
  ["mlp.w3.", "mlp.weights_out."],
] as const;

const BLOCK = /^blocks\.(\d+)\./;
const LAYER = /^encoder\.layer\.(\d+)\./;
const PARTS = ["query", "key", "value"] as const;
const PART = /^attention\.attention\.(query|key|value)\.(weight|bias)$/;

/** The names of Hugging Face's `Dinov2Model` and `Dinov2WithRegistersModel`. */
export const huggingFace: KeyMapping = {
  owner: "Hugging Face",
  origins(facts) {
    const origins = new Map<string, Origin>();
    const attention = new Map<string, TensorFacts[]>();
    for (const [name, entry] of facts) {
      const [layer, i] = LAYER.exec(name) ?? [""];
      const inner = name.slice(layer.length);
      const [, part, kind] = (i === undefined ? null : PART.exec(inner)) ?? [];
      if (part === undefined) {
        const own = i === undefined
          ? renamed(inner, OUTSIDE, "from")
          : `blocks.${i}.${renamed(inner, INSIDE, "from")}`;
        origins.set(own, asItIs(entry));
      } else {
        const own = `blocks.${i}.attn.qkv.${kind}`;
        const parts = attention.get(own) ?? [];
        parts[PARTS.indexOf(part as typeof PARTS[number])] = entry;
        attention.set(own, parts);
      }
    }
    for (const [own, parts] of attention) {
      if (PARTS.every((_, i) => isLike(parts[i], parts[0]))) origins.set(own, stacked(parts));
    }
    return origins;
  },
  toExternal(state) {
    const mapped: Record<string, Tensor> = {};
    for (const [name, tensor] of Object.entries(state)) {
      const [block, i] = BLOCK.exec(name) ?? [""];
      const inner = name.slice(block.length);
      if (i === undefined) mapped[renamed(inner, OUTSIDE, "to")] = tensor;
      else if (!inner.startsWith("attn.qkv.")) {
        mapped[`encoder.layer.${i}.${renamed(inner, INSIDE, "to")}`] = tensor;
      } else {
        const kind = inner.slice("attn.qkv.".length);
        tensor.chunk(3).forEach((part, p) => {
          mapped[`encoder.layer.${i}.attention.attention.${PARTS[p]}.${kind}`] = part;
        });
      }
    }
    return withLayerScale(mapped);
  },
};

/** A name by a table of beginnings, or as it is. */
function renamed(
  name: string,
  table: readonly (readonly [own: string, theirs: string])[],
  direction: "from" | "to",
): string {
  for (const [own, theirs] of table) {
    const [old, young] = direction === "from" ? [theirs, own] : [own, theirs];
    const isWhole = !old.endsWith(".");
    if (isWhole ? name === old : name.startsWith(old)) return young + name.slice(old.length);
  }
  return name;
}

function isLike(a: TensorFacts | undefined, b: TensorFacts | undefined): boolean {
  return a !== undefined && a.shape.length > 0 && String(a.shape) === String(b?.shape);
}

/** Queries, keys and values one below the other. */
function stacked(parts: readonly TensorFacts[]): Origin {
  const [, ...sides] = parts[0].shape;
  const rows = parts.reduce((sum, { shape }) => sum + shape[0], 0);
  return { from: parts, shape: [rows, ...sides], make: (tensors) => cat([...tensors]) };
}

/** Their models always scale branches; by one where ours do not. */
function withLayerScale(mapped: Record<string, Tensor>): Record<string, Tensor> {
  const added = Object.entries(mapped).flatMap(([name, { shape }]): [string, Tensor][] => {
    const [layer, i] = LAYER.exec(name) ?? [""];
    const [, kind] = /^norm([12])\.weight$/.exec(name.slice(layer.length)) ?? [];
    const scale = `encoder.layer.${i}.layer_scale${kind}.lambda1`;
    return kind === undefined || i === undefined || scale in mapped ? [] : [[scale, ones(shape)]];
  });
  return { ...mapped, ...Object.fromEntries(added) };
}

import { normalizeImages } from "../../data/augment/normalize.ts";
import { cat } from "../../tensor/create.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Embedding, FrozenBackbone } from "../../features/embedding.ts";
import { type LinearInput, MOST_BLOCKS } from "./linear_protocol.ts";

/**
 * What the reference's linear classifiers see: the class tokens of the last four blocks (or all, in a smaller backbone),
 * the oldest first, then the mean of the last block's patch tokens, all after the final norm.
 *
 * Source: `dinov2/eval/linear.py`, `create_linear_input`.
 *
 * @param backbone The network, and what its images are normalised by.
 */
export function linearEmbedding(backbone: FrozenBackbone): Embedding {
  const { model, normalization } = backbone;
  const { depth } = model.options;
  const n = Math.min(MOST_BLOCKS, depth);
  const embed: Embedding = (images) => {
    const taps = model.getIntermediateLayers(normalizeImages(images, normalization), { n });
    return cat([...taps.map(({ cls }) => cls), taps[n - 1].patches.mean(1)], 1); // [B, (n + 1) D]
  };
  const layers = Array.from({ length: n }, (_, i) => depth - n + i);
  const identity = { kind: "linear-input", layers, isNormalized: false, backbone };
  return Object.assign(embed, { identity });
}

/**
 * The columns that an input takes of {@linkcode linearEmbedding}: they lie side by side for each of the reference's.
 *
 * @param features `[B, (n + 1) D]`.
 * @param width D.
 */
export function inputColumns(
  features: Tensor,
  { blocks, avgpool }: LinearInput,
  width: number,
): Tensor {
  const patches = features.shape[1] - width; // where the mean of the patch tokens begins
  return features.narrow(1, patches - blocks * width, (blocks + (avgpool ? 1 : 0)) * width);
}

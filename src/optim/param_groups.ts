import type { Tensor } from "../tensor/tensor.ts";

/** Parameters with common options, as PyTorch's `param_groups`. */
export interface ParameterGroup {
  /** The parameters. */
  readonly parameters: readonly Tensor[];
  /** A name for each, as in checkpoints: `backbone.blocks.0.norm1.weight`. Default: numbers, counted over all groups. */
  readonly names?: readonly string[];
  /** Factor on the learning rate, and with it on the decoupled weight decay. Default: 1. */
  readonly lrMultiplier?: number;
  /** Factor on the weight decay: 0 or 1. Default: 1. */
  readonly wdMultiplier?: number;
  /** Whether these are prototypes, which have a learning rate of their own. Default: false. */
  readonly isLastLayer?: boolean;
}

/** Options of the learning rates of groups. */
export interface GroupOptions {
  /** Blocks of the backbone. */
  depth: number;
  /** Factor on the learning rate from each layer to the one below. Reference: `optim.layerwise_decay`. */
  layerwiseDecay: number;
  /** Further factor for the patch embedding. Reference: `optim.patch_embed_lr_mult`. */
  patchEmbedLrMult: number;
}

/**
 * Sorts named parameters into as few groups as their multipliers allow (reference: `get_params_groups_with_decay`).
 *
 * Backbone parameters learn slower the deeper they lie; embeddings count as layer 0, block i as i + 1, the final
 * norm as the last. Biases, norms and LayerScale are not decayed; tokens, positions and prototypes are.
 *
 * @param parameters With names that begin with their submodule: `backbone.`, `dino_head.`, `ibot_head.`.
 */
export function parameterGroups(
  parameters: Iterable<readonly [name: string, parameter: Tensor]>,
  options: GroupOptions,
): ParameterGroup[] {
  const groups = new Map<string, ParameterGroup & { names: string[]; parameters: Tensor[] }>();
  for (const [name, parameter] of parameters) {
    const lrMultiplier = learningRateMultiplier(name, options);
    const wdMultiplier = /\.bias$|norm|gamma/.test(name) ? 0 : 1;
    const isLastLayer = name.includes("last_layer");
    const key = [lrMultiplier, wdMultiplier, isLastLayer].join();
    let group = groups.get(key);
    if (group === undefined) {
      group = { names: [], parameters: [], lrMultiplier, wdMultiplier, isLastLayer };
      groups.set(key, group);
    }
    group.names.push(name);
    group.parameters.push(parameter);
  }
  return [...groups.values()];
}

function learningRateMultiplier(name: string, options: GroupOptions): number {
  if (!name.startsWith("backbone.")) return 1;
  const { depth, layerwiseDecay, patchEmbedLrMult } = options;
  const block = name.match(/^backbone\.blocks\.(\d+)\./);
  const embedding = /^backbone\.(pos_embed|patch_embed|mask_token|cls_token|register_tokens)/;
  const layer = block !== null ? Number(block[1]) + 1 : embedding.test(name) ? 0 : depth + 1;
  const patch = name.startsWith("backbone.patch_embed") ? patchEmbedLrMult : 1;
  return layerwiseDecay ** (depth + 1 - layer) * patch;
}

import type { Config } from "../../src/config/schema.ts";
import { swiGluHidden } from "../../src/nn/swiglu.ts";
import { architectures } from "../../src/vit/architectures.ts";
import { keptCount } from "../../src/vit/drop_path.ts";

/** Passes over the student: forward, and the gradients of inputs and of weights. */
const LEARNING = 3;

/**
 * Floating-point operations of the matrix products in a training step: two for each weight and token, and attention. What
 * stochastic depth drops is not counted.
 *
 * @param config The run.
 * @param images Images B in the step.
 * @param masked Rows of the patch head: the upper bound of masked patches.
 */
export function stepFlops(config: Config, images: number, masked: number): number {
  const { student, crops, dino, ibot } = config;
  const { embedDim: width, depth } = architectures[student.arch];
  const patches = (side: number) => (side / student.patch_size) ** 2;
  const hidden = swiGluHidden(4 * width);
  const ffnWeights = student.ffn_layer === "mlp" ? 8 * width ** 2 : 3 * width * hidden;

  const backbone = (sequences: number, side: number, rate: number) => {
    const tokens = 1 + student.num_register_tokens + patches(side);
    const attention = 2 * 4 * width ** 2 + 4 * tokens * width; // per token: projections, then scores and mixing
    const kept = Math.min(sequences, keptCount(sequences, rate));
    const embedding = sequences * patches(side) * 2 * 3 * student.patch_size ** 2 * width;
    return embedding + depth * kept * tokens * (attention + 2 * ffnWeights);
  };
  const head = (rows: number, sizes: HeadSizes) => {
    const hiddenLayers = Array<number>(sizes.head_nlayers - 1).fill(sizes.head_hidden_dim);
    const widths = [width, ...hiddenLayers, sizes.head_bottleneck_dim, sizes.head_n_prototypes];
    return 2 * rows * widths.slice(1).reduce((sum, outputs, i) => sum + widths[i] * outputs, 0);
  };

  const { global_crops_size: global, local_crops_size: local, local_crops_number } = crops;
  const [globals, locals] = [2 * images, local_crops_number * images];
  const rate = student.drop_path_rate;
  const learning = backbone(globals, global, rate) + backbone(locals, local, rate) +
    head(globals + locals, dino) + head(masked, ibot);
  const teaching = backbone(globals, global, 0) + head(globals, dino) + head(masked, ibot);
  return LEARNING * learning + teaching;
}

type HeadSizes = Pick<
  Config["dino"],
  "head_n_prototypes" | "head_bottleneck_dim" | "head_nlayers" | "head_hidden_dim"
>;

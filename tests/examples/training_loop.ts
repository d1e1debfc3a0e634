/**
 * A training loop of one's own: batches, steps, a line for each, and the teacher's weights at the end.
 *
 *     deno run -A tests/examples/training_loop.ts IMAGES OUTPUT.safetensors
 */
import { exportBackbone } from "@deino/deino/backbone";
import { resolveConfig } from "@deino/deino/config";
import { openImages, trainingBatches } from "@deino/deino/data";
import { scope } from "@deino/deino/tensor";
import { Learner, makeBatch, trainStep } from "@deino/deino/train";

const [images, output] = Deno.args;
const STEPS = 10;
const config = resolveConfig({
  student: { arch: "vit_nano", patch_size: 8 },
  dino: { head_n_prototypes: 256, head_hidden_dim: 128, head_bottleneck_dim: 32 },
  crops: { global_crops_size: 32, local_crops_size: 16, local_crops_number: 2 },
  train: { batch_size_per_gpu: 8, OFFICIAL_EPOCH_LENGTH: STEPS },
  optim: { epochs: 1, warmup_epochs: 0.2 },
  teacher: { warmup_teacher_temp_epochs: 0.5 },
});

using learner = new Learner(config, { device: "cpu" });
using batches = trainingBatches(await openImages(images), { batchSize: 8 });
for await (const { images, iteration } of batches) {
  const losses = scope(() => {
    const batch = makeBatch(images, config, { iteration, device: learner.device });
    const { losses } = trainStep(learner, batch, iteration);
    return Object.entries(losses).map(([name, loss]) => `${name} ${loss.item().toFixed(3)}`);
  });
  console.log(`step ${iteration}: ${losses.join(", ")}`);
  if (iteration + 1 === STEPS) break;
}
const { backbone } = learner.emaTeacher;
exportBackbone({ model: backbone, state: { config } }, output, "safetensors");

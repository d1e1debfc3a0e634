import { resolveConfig } from "../../src/config/resolve.ts";
import type { Settings } from "../../src/config/schema.ts";
import { backboneOptions, networkOptions } from "../../src/dino/network.ts";
import type { TargetMaker } from "../../src/dino/target_maker.ts";
import { cat } from "../../src/tensor/create.ts";
import { Generator, randn } from "../../src/tensor/random.ts";
import { scope } from "../../src/tensor/scope.ts";
import { diagnose } from "../../src/train/diagnostics.ts";
import { Learner } from "../../src/train/learner.ts";
import { Metrics } from "../../src/train/metrics.ts";
import { PendingLosses } from "../../src/train/pending_losses.ts";
import { trainStep } from "../../src/train/step.ts";
import { checkHealth, type RunHealth } from "../../src/train/run_health.ts";

const IMAGES = 12;
const STEPS = 70;

/** Plain DINO, small enough for tens of steps in a second. */
const plain: Settings = {
  student: { arch: "vit_nano", patch_size: 8, drop_path_rate: 0, layerscale: 0 },
  teacher: { momentum_teacher: 0.99, teacher_temp: 0.04, warmup_teacher_temp_epochs: 0 },
  dino: {
    koleo_loss_weight: 0,
    head_n_prototypes: 64,
    head_hidden_dim: 64,
    head_bottleneck_dim: 32,
  },
  ibot: { loss_weight: 0, mask_sample_probability: 0 },
  train: { batch_size_per_gpu: IMAGES, OFFICIAL_EPOCH_LENGTH: STEPS },
  optim: { epochs: 1, warmup_epochs: 0, freeze_last_layer_epochs: 0, layerwise_decay: 1 },
  crops: { global_crops_size: 16, local_crops_size: 8, local_crops_number: 1 },
};

/** What differs from a run that learns. */
export interface Provocation {
  /** Settings. Default: none. */
  settings?: Settings;
  /** Makes the targets. Default: what the configuration asks for. */
  targets?: TargetMaker;
}

/** Trains a tiny network on a dozen noisy patterns, diagnoses every step, and gives the run health after each. */
export function provokedRun({ settings = {}, targets }: Provocation = {}): RunHealth[] {
  return scope(() => {
    const config = resolveConfig(plain, settings);
    const backbone = { ...backboneOptions(config), embedDim: 32, depth: 2, numHeads: 1 };
    const network = { ...networkOptions(config), backbone };
    using learner = new Learner(config, { network, targets });
    const generator = new Generator(0);
    const images = randn([IMAGES, 3, 16, 16], { generator });
    const crops = (side: number) =>
      images.narrow(2, 0, side).narrow(3, 0, side)
        .add(randn([IMAGES, 3, side, side], { generator }).mul(0.1));
    const metrics = new Metrics();
    const pending = new PendingLosses();
    return Array.from({ length: STEPS }, (_, iteration) => {
      const step = scope(() => {
        const { outputs, ...step } = trainStep(learner, {
          globalCrops: cat([crops(16), crops(16)]),
          localCrops: crops(8),
          masks: null,
          permutation: () => [],
        }, iteration);
        return { ...step, diagnostics: diagnose(outputs) };
      });
      pending.add(iteration, step, { ...step.schedule });
      pending.read(metrics);
      return checkHealth(config, metrics.line(iteration));
    });
  });
}

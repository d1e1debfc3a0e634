/**
 * A whole step on networks and crops in closed form. The expected values come from the reference's modules in float64,
 * filled alike; Deino takes the step in float32.
 *
 * @module
 */
import { noGrad } from "../../src/autograd/mode.ts";
import { resolveConfig } from "../../src/config/resolve.ts";
import type { Settings } from "../../src/config/schema.ts";
import { maskBatch } from "../../src/dino/mask_batch.ts";
import type { Network } from "../../src/dino/network.ts";
import type { Module } from "../../src/nn/module.ts";
import { Learner } from "../../src/train/learner.ts";
import { trainStep } from "../../src/train/step.ts";
import { teacherPass } from "../../src/train/teacher_pass.ts";
import type { TrainingBatch } from "../../src/train/training_batch.ts";
import { assertClose, filled, testTensor } from "../helpers.ts";

const IMAGES = 3;
const TEMPERATURE = 0.06;

const head = { head_hidden_dim: 16, head_nlayers: 3 };
const settings: Settings = {
  student: { patch_size: 14, drop_path_rate: 0 },
  teacher: {
    ...{ momentum_teacher: 0.99, final_momentum_teacher: 0.99 },
    ...{ warmup_teacher_temp: TEMPERATURE, teacher_temp: TEMPERATURE },
  },
  dino: { ...head, head_n_prototypes: 10, head_bottleneck_dim: 6 },
  ibot: { ...head, separate_head: true, head_n_prototypes: 8, head_bottleneck_dim: 5 },
  train: { batch_size_per_gpu: IMAGES },
  optim: { base_lr: 0.01 / Math.sqrt(IMAGES / 1024), warmup_epochs: 0, weight_decay: 0.04 },
  crops: { global_crops_size: 28, local_crops_size: 14, local_crops_number: 2 },
};
const network = {
  backbone: {
    ...{ imgSize: 28, patchSize: 14, embedDim: 24, depth: 2, numHeads: 2 },
    ...{ initValues: 1, dropPathRate: 0 },
  },
  dinoHead: { prototypes: 10, hiddenDim: 16, bottleneckDim: 6 },
  ibotHead: { prototypes: 8, hiddenDim: 16, bottleneckDim: 5 },
};

/** Parameter i gets 0.3 sin(0.37 k √(k + 1) + 0.11 i + phase) in its k-th element, plus 1 where it scales. */
function fill(module: Module, phase: number): void {
  noGrad(() => {
    for (const [i, [name, value]] of Array.from(module.namedParameters()).entries()) {
      const base = /gamma$|norm\d?\.weight$|weight_g$/.test(name) ? 1 : 0;
      value.copy_(
        filled(
          value.shape,
          (k) => base + 0.3 * Math.sin(0.37 * k * Math.sqrt(k + 1) + 0.11 * i + phase),
        ),
      );
    }
  });
}

function learner(centering: "centering" | "sinkhorn_knopp"): Learner {
  const made = new Learner(resolveConfig(settings, { train: { centering } }), { network });
  const phases: [Network, number][] = [[made.student, 0], [made.teacher, 0.05]];
  for (const [{ backbone, dinoHead, ibotHead }, phase] of phases) {
    fill(backbone, phase);
    fill(dinoHead, phase + 0.2);
    fill(ibotHead!, phase + 0.4);
  }
  return made;
}

function batch(): TrainingBatch {
  const crops = (side: number, wave: (k: number, row: number) => number) => {
    const size = 3 * side * side;
    return filled([2 * IMAGES, 3, side, side], (k) => wave(k, Math.floor(k / size)))
      .to({ dtype: "float32" });
  };
  const masks = new Uint8Array(2 * IMAGES * 4);
  for (const [crop, patch] of [[0, 0], [0, 1], [3, 2], [4, 1], [4, 3]]) masks[4 * crop + patch] = 1;
  return {
    globalCrops: crops(28, (k, b) => (1 + b) * Math.sin((0.05 + 0.013 * b) * k)),
    localCrops: crops(14, (k, b) => (1 + b) * Math.cos((0.07 + 0.013 * b) * k)),
    masks: maskBatch({ masks, upperbound: 6 }, 2 * IMAGES),
    permutation: () => [],
  };
}

/** What the reference comes to. */
interface Expected {
  /** Local, global, KoLeo and iBOT loss as they are optimised. */
  losses: number[];
  /** The first class target's first prototypes. */
  cls: number[];
  /** The first patch target's first prototypes. */
  patches: number[];
  /** Gradient lengths of backbone, DINO head and iBOT head. */
  lengths: number[];
}

const expected: Record<"centering" | "sinkhorn_knopp", Expected> = {
  sinkhorn_knopp: {
    losses: [5.640407, 2.727944, 0.167752, 4.400544],
    cls: [6.4e-05, 0.296587, 0.285569, 0.024941, 0.020975],
    patches: [0.048869, 0.127231, 0.002478, 0.283384],
    lengths: [23.271207, 21.375691, 8.037718],
  },
  centering: {
    losses: [1.614326, 0.818560, 0.167752, 0.196556],
    cls: [0.001945, 0.980838, 0, 0, 0.000835],
    patches: [0.999990, 2e-06, 2e-06, 0],
    lengths: [17.512395, 19.638181, 8.128064],
  },
};

for (const centering of ["sinkhorn_knopp", "centering"] as const) {
  testTensor(
    `losses, targets and gradients of a whole step are the reference's: ${centering}`,
    () => {
      const { losses, cls, patches, lengths } = expected[centering];
      using looking = learner(centering);
      const targets = teacherPass(looking, [batch()], TEMPERATURE)(0);
      assertClose(targets.cls.select(0, 0).narrow(0, 0, cls.length), cls, { atol: 2e-6 });
      assertClose(targets.patches!.select(0, 0).narrow(0, 0, 4), patches, { atol: 2e-6 });

      using learning = learner(centering);
      const { losses: logged, gradNorms } = trainStep(learning, batch(), 0);
      const { dino_local_crops_loss, dino_global_crops_loss, koleo_loss, ibot_loss } = logged;
      const optimised = [
        ...[dino_local_crops_loss, dino_global_crops_loss],
        ...[koleo_loss.mul(2), ibot_loss.mul(2)],
      ];
      assertClose(optimised, losses, { atol: 2e-5, rtol: 0 });
      const { backbone, dino_head, ibot_head } = gradNorms;
      assertClose([backbone, dino_head, ibot_head], lengths, { rtol: 2e-5 });
    },
  );
}

/** The first elements of the student and the teacher after the step. */
const moved: [name: string, student: number[], teacher: number[]][] = [
  ["cls_token", [0.007290, 0.157158, 0.294758], [0.014917, 0.162656, 0.291500]],
  ["pos_embed", [0.040214, 0.184771, 0.302406], [0.047720, 0.189351, 0.297553]],
  ["mask_token", [0.072740, 0.210238, 0.306487], [0.079947, 0.213757, 0.300011]],
  ["patch_embed.proj.weight", [0.098665, 0.227473, 0.301189], [0.111150, 0.235523, 0.298785]],
  ["blocks.0.attn.qkv.weight", [0.216873, 0.296526, 0.273985], [0.219319, 0.292310, 0.258855]],
  ["blocks.1.ls2.gamma", [0.898168, 0.773691, 0.692196], [0.875601, 0.755865, 0.702800]],
  ["norm.weight", [0.869234, 0.735685, 0.715940], [0.846400, 0.738026, 0.709343]],
];

testTensor("clipping, AdamW and the moving average leave the reference's weights", () => {
  using made = learner("sinkhorn_knopp");
  const { schedule } = trainStep(made, batch(), 0);
  assertClose([schedule.lr, schedule.last_layer_lr, schedule.wd], [0.01, 0, 0.04]);
  const tensors = made.tensors();
  const first = (name: string) => tensors[name].detach().flatten().narrow(0, 0, 3);
  for (const [name, student, teacher] of moved) {
    assertClose(first(`student.backbone.${name}`), student, { atol: 5e-6 });
    assertClose(first(`teacher.backbone.${name}`), teacher, { atol: 5e-6 });
  }
  const near = { atol: 2e-6 };
  assertClose(first("student.dino_head.mlp.0.weight"), [0.069577, 0.188470, 0.308691], near);
  assertClose(first("student.dino_head.last_layer.weight_g"), [1.227353, 1.294740, 1.252421], near);
  const size = (network: Network): number =>
    network.backbone.parameters().map((value) => value.detach().abs().sum().item())
      .reduce((sum, each) => sum + each);
  assertClose([size(made.student), size(made.teacher)], [5697.3808, 5697.84995], { rtol: 2e-5 });
});

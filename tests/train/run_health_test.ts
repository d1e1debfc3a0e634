import { assertEquals, assertStringIncludes } from "@std/assert";
import { resolveConfig } from "../../src/config/resolve.ts";
import type { Settings } from "../../src/config/schema.ts";
import type { TargetMaker } from "../../src/dino/target_maker.ts";
import { setNumThreads } from "../../src/tensor/device.ts";
import { checkHealth } from "../../src/train/run_health.ts";
import { testTensor } from "../helpers.ts";
import { type Provocation, provokedRun } from "./provoked_run.ts";

setNumThreads(1); // products this small take longer when they are shared out

const sinkhorn: Settings = { train: { centering: "sinkhorn_knopp" } };
const hot: Settings = { teacher: { teacher_temp: 0.2 } };
const noMomentum: Settings = { teacher: { momentum_teacher: 0, final_momentum_teacher: 0 } };
const noCentring: TargetMaker = {
  fit: (_, temperature) => (logits) => logits.div(temperature).softmax(-1),
};

for (const [name, settings] of [["centring", {}], ["Sinkhorn-Knopp", sinkhorn]] as const) {
  testTensor(`a tiny run with ${name} is healthy from the first step to the last`, () => {
    for (const { condition } of provokedRun({ settings })) assertEquals(condition, "healthy");
  });
}

const collapses: [name: string, Provocation, condition: string, fault: string][] = [
  [
    "without centring",
    { targets: noCentring },
    "collapsing to one point",
    "train.centering=centering",
  ],
  [
    "with a teacher that is the student",
    { settings: noMomentum },
    "collapsing to one point",
    "teacher.momentum_teacher=0",
  ],
  [
    "with a teacher too hot for centring",
    { settings: hot },
    "collapsing to uniform",
    "teacher.teacher_temp=0.2",
  ],
  [
    "with a teacher too hot for Sinkhorn-Knopp",
    { settings: { ...sinkhorn, ...hot } },
    "collapsing to uniform",
    "teacher.teacher_temp=0.2",
  ],
];

for (const [name, provocation, condition, fault] of collapses) {
  testTensor(`a run ${name} is seen to be ${condition}, because of ${fault}`, () => {
    const { condition: seen, cause } = provokedRun(provocation).at(-1)!;
    assertEquals([seen, `${cause?.setting}=${cause?.value}`], [condition, fault]);
  });
}

/** Smoothed values of a run that learns on CIFAR-10, with 512 prototypes and batches of 64. */
const learning = {
  iteration: 300,
  iter_time: 1,
  data_time: 0,
  teacher_temp: 0.04,
  teacher_entropy: 5.1,
  target_kl: 1.2,
  target_information: 1.2,
  mean_cosine: 0.03,
};

function judged(values: Partial<typeof learning>, ...settings: Settings[]) {
  const config = resolveConfig(
    {
      dino: { head_n_prototypes: 512 },
      train: { OFFICIAL_EPOCH_LENGTH: 10 },
      optim: { epochs: 100, warmup_epochs: 10 },
    },
    ...settings,
  );
  return checkHealth(config, { ...learning, ...values });
}

const flat = { teacher_entropy: 6.1, target_information: 0.1 };

Deno.test("the health of a run says in plain words what it rests on", () => {
  assertEquals(judged({}), {
    condition: "healthy",
    because: "targets distinguish about 3.3 clusters of images",
  });
  assertEquals(
    judged(flat).because,
    "targets distinguish about 1.1 clusters of images and have 98 % of the maximum entropy",
  );
});

Deno.test("equal features are one point, however flat Sinkhorn-Knopp makes their targets", () => {
  assertEquals(judged({ ...flat, mean_cosine: 0.99 }).condition, "collapsing to one point");
  assertEquals(judged({ ...flat, mean_cosine: 0.5 }).condition, "collapsing to uniform");
  assertEquals(
    judged({ ...flat, teacher_entropy: 0.2, mean_cosine: 0.5 }).condition,
    "collapsing to one point",
  );
});

Deno.test("no collapse is called before the warm-up is over, nor in batches of one", () => {
  assertEquals(judged({ ...flat, iteration: 99 }).condition, "healthy");
  assertEquals(judged({ ...flat, iteration: 100 }).condition, "collapsing to uniform");
  assertEquals(
    judged({ ...flat, target_information: 0, mean_cosine: 1 }, {
      train: { batch_size_per_gpu: 1 },
      dino: { koleo_loss_weight: 0 },
    }).condition,
    "healthy",
  );
});

Deno.test("small batches need tell fewer images apart: half of ln B is enough", () => {
  const flat = (information: number, batch_size_per_gpu: number) =>
    judged({ teacher_entropy: 6.1, target_information: information }, {
      train: { batch_size_per_gpu },
    }).condition;
  assertEquals([flat(0.56, 3), flat(0.54, 3)], ["healthy", "collapsing to uniform"]); // ln 3 / 2 = 0.549
  assertEquals([flat(0.35, 2), flat(0.34, 2)], ["healthy", "collapsing to uniform"]);
  assertEquals([flat(0.70, 64), flat(0.69, 64)], ["healthy", "collapsing to uniform"]); // ln 2
  const sharp = (information: number) =>
    judged({ teacher_entropy: 5.6, target_information: information }).condition;
  assertEquals([sharp(0.26), sharp(0.24)], ["healthy", "collapsing to one point"]);
});

Deno.test("each limit is where it is said to be", () => {
  const condition = (values: Partial<typeof learning>) => judged(values).condition;
  assertEquals(condition({ target_kl: 8, iteration: 49 }), "healthy");
  assertEquals(condition({ target_kl: 8, iteration: 50 }), "diverging");
  assertEquals(condition({ target_kl: 7.37 }), "healthy"); // twice ln 512 is 12.477
  assertEquals(condition({ target_kl: 7.38 }), "diverging");
  assertEquals(condition({ teacher_entropy: 5.61, target_information: 0.5 }), "healthy"); // 0.9 ln 512 is 5.615
  assertEquals(
    condition({ teacher_entropy: 5.62, target_information: 0.5 }),
    "collapsing to uniform",
  );
  assertEquals(condition({ ...flat, mean_cosine: 0.95 }), "collapsing to uniform");
  assertEquals(condition({ ...flat, mean_cosine: 0.96 }), "collapsing to one point");
  const cause = (settings: Settings) => judged(flat, settings).cause!.setting;
  const momentum = (momentum_teacher: number) => cause({ teacher: { momentum_teacher } });
  assertEquals([momentum(0.89), momentum(0.9)], ["teacher.momentum_teacher", "train.centering"]);
  const rate = (base_lr: number) => cause({ optim: { base_lr } }); // a quarter of it in batches of 64
  assertEquals([rate(0.041), rate(0.04)], ["optim.base_lr", "train.centering"]);
  const cold = (teacher_temp: number) =>
    judged({ ...flat, teacher_entropy: 0.2, teacher_temp }).cause!.remedy.startsWith("raise it");
  assertEquals([cold(0.019), cold(0.02)], [true, false]);
});

Deno.test("a student twice as far off as guessing diverges, even in the warm-up", () => {
  const health = judged({ target_kl: 8, iteration: 60 }, { optim: { base_lr: 3 } });
  assertEquals(health.condition, "diverging");
  assertStringIncludes(health.because, "13.1 nats instead of 6.2");
  assertEquals(health.cause?.setting, "optim.base_lr");
  assertEquals(judged({ target_kl: 8, iteration: 10 }).condition, "healthy");
});

Deno.test("what is out of range is named before what merely often helps", () => {
  const causeOf = (values: Partial<typeof learning>, ...settings: Settings[]) => {
    const cause = judged({ ...flat, ...values }, ...settings).cause!;
    return `${cause.setting}=${cause.value}`;
  };
  const hotFirst = { teacher: { warmup_teacher_temp: 0.3 } };
  assertEquals(causeOf({ teacher_temp: 0.2 }, hotFirst), "teacher.warmup_teacher_temp=0.3");
  assertEquals(causeOf({}, noMomentum), "teacher.momentum_teacher=0");
  assertEquals(causeOf({}, { optim: { base_lr: 1 } }), "optim.base_lr=1");
  const sharp = { teacher: { teacher_temp: 0.005 } };
  const point = { teacher_temp: 0.005, teacher_entropy: 0.2, mean_cosine: 0.5 };
  assertEquals(causeOf(point, sharp), "teacher.teacher_temp=0.005");
  assertStringIncludes(judged({ ...flat, ...point }, sharp).cause!.remedy, "raise it to 0.04");
  const learnt = { optim: { freeze_last_layer_epochs: 0 } };
  assertEquals(causeOf({}, learnt), "optim.freeze_last_layer_epochs=0");
  assertEquals(causeOf({ teacher_temp: 0.06 }), "teacher.teacher_temp=0.07");
  assertEquals(causeOf({}), "train.centering=centering");
  assertEquals(causeOf({}, sinkhorn), "optim.base_lr=0.004");
});

/**
 * What must hold on every device. The suite runs it on the CPU; `DEINO_TEST_DEVICE=cuda` runs it on a GPU:
 *
 *     DEINO_TEST_DEVICE=cuda CUBLAS_WORKSPACE_CONFIG=:4096:8 deno test -A tests/on_device_test.ts
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { autocast } from "../src/autograd/autocast.ts";
import * as nn from "../src/nn/functional.ts";
import { AdamW } from "../src/optim/adamw.ts";
import { parameterGroups } from "../src/optim/param_groups.ts";
import { arange, cat, eye, full, stack, tensor, where, zeros } from "../src/tensor/create.ts";
import {
  allowTF32,
  chooseDevice,
  deviceMemory,
  synchronize,
  useDeterministicAlgorithms,
} from "../src/tensor/device.ts";
import { Generator, manualSeed, randn, randperm } from "../src/tensor/random.ts";
import { liveTensors, scope } from "../src/tensor/scope.ts";
import type { Tensor } from "../src/tensor/tensor.ts";
import { train } from "../src/train/loop.ts";
import { trainStep } from "../src/train/step.ts";
import { VisionTransformer } from "../src/vit/vision_transformer.ts";
import { followRun } from "./golden_run.ts";
import { assertClose, testTensor } from "./helpers.ts";
import { interrupt, movedTo, resume, tensorsOf, withSmallRun } from "./train/small_run.ts";
import { noiseBatch, tinyLearner } from "./train/tiny_learner.ts";

const device = chooseDevice(Deno.env.get("DEINO_TEST_DEVICE") ?? "cpu");
allowTF32(false);

/** Numbers of both signs, `[4, 6]` by default, none of them twice. */
function numbers(shape: number[] = [4, 6], phase = 0): Tensor {
  const count = shape.reduce((product, side) => product * side, 1);
  return tensor(Array.from({ length: count }, (_, k) => Math.sin(0.7 * k + phase) + 0.01 * k), {
    shape,
    dtype: "float64",
  });
}

/** Operators by family: each is a function of two matrices, and of nothing else. */
const families: Record<string, Record<string, (x: Tensor, y: Tensor) => Tensor>> = {
  elementwise: {
    arithmetic: (x, y) => x.mul(y).add(x).sub(2).div(y.abs().add(1)),
    transcendental: (x) => x.abs().add(1).log().add(x.exp()).add(x.pow(2).sqrt()),
    clamped: (x, y) => x.clamp({ min: -0.5, max: 0.5 }).maximum(y),
    chosen: (x, y) => where(x.gt(y), x, y.mul(3)),
    gates: (x, y) => nn.gelu(x).add(nn.silu(y)),
  },
  reductions: {
    sums: (x) => x.sum(0).add(x.mean(0)).add(x.variance(0)),
    extremes: (x) => x.amax(1).sub(x.amin(1)),
    norm: (x) => x.norm({ dim: -1 }),
    softmax: (x) => nn.softmax(x, 1).add(nn.logSoftmax(x, 0)),
    order: (x) => x.topk(3).values.add(x.argmax(1).unsqueeze(1)),
  },
  products: {
    matmul: (x, y) => x.matmul(y.t()),
    linear: (x, y) => nn.linear(x, y, y.sum(1)),
    batched: (x, y) => x.reshape([2, 2, 6]).matmul(y.reshape([2, 6, 2])),
    convolution: (x, y) =>
      nn.conv2d(x.reshape([1, 1, 4, 6]), y.reshape([6, 1, 2, 2]).narrow(0, 0, 3)),
    attention: (x, y) => {
      const [q, k] = [x, y].map((each) => each.reshape([1, 2, 4, 3]));
      return nn.scaledDotProductAttention(q, k, q.add(k));
    },
  },
  norms: {
    layer: (x) => nn.layerNorm(x, 6),
    unit: (x) => nn.normalize(x),
    weight: (x, y) => nn.weightNorm(x, y.abs().sum(1, { keepdim: true })),
  },
  shapes: {
    joined: (x, y) => cat([x, y], 1).add(stack([x, y], 1).reshape([4, 12])),
    indexed: (x) => x.indexSelect(0, tensor(BigInt64Array.of(3n, 0n, 3n), { device: x.device })),
    written: (x, y) => {
      const rows = tensor(BigInt64Array.of(2n, 0n), { device: x.device });
      return x.clone().indexCopy_(0, rows, y.narrow(0, 0, 2));
    },
    turned: (x) => x.t().flip([0]).reshape([4, 6]),
    made: (x) => {
      const made = { device: x.device, dtype: x.dtype };
      return x.add(arange(6, made)).add(full([4, 6], 2, made)).matmul(eye(6, made));
    },
  },
  images: {
    bicubic: (x) => nn.upsampleBicubic2d(x.reshape([1, 1, 4, 6]), [7, 5], { antialias: true }),
    positions: (x) => nn.upsampleBicubic2d(x.reshape([1, 1, 4, 6]), [7, 5]),
    bilinear: (x) => nn.upsampleBilinear2d(x.reshape([1, 1, 4, 6]), [3, 9]),
  },
};

for (const [family, operators] of Object.entries(families)) {
  testTensor(`on ${device}, ${family} in float32 are those of float64 on the CPU`, () => {
    for (const [name, operator] of Object.entries(operators)) {
      const [x, y] = [numbers(), numbers([4, 6], 2)];
      const expected = operator(x, y);
      const found = operator(...[x, y].map((each) => each.to({ device, dtype: "float32" })) as [
        Tensor,
        Tensor,
      ]);
      assertEquals(found.device.split(":")[0], device.split(":")[0], name);
      assertEquals(found.shape, expected.shape, name);
      assertClose(found, expected, { atol: 1e-5, rtol: 1e-5 });
    }
  });
}

testTensor(
  `on ${device}, gradients of a transformer in float32 are those of float64 on the CPU`,
  () => {
    const sizes = { embedDim: 24, depth: 2, numHeads: 3, patchSize: 4, imgSize: 16, initValues: 1 };
    using exact = new VisionTransformer(sizes).to({ dtype: "float64" });
    using model = new VisionTransformer(sizes).to({ device });
    const images = numbers([2, 3, 16, 16]);
    for (const each of [exact, model]) {
      const { device, dtype } = each.clsToken;
      each.forward(images.to({ device, dtype })).pow(2).sum().backward();
    }
    const expected = exact.stateDict();
    for (const [name, { grad }] of model.namedParameters()) {
      if (name === "mask_token") continue; // nothing was masked
      assertClose(grad!, expected[name].grad!, { atol: 1e-4, rtol: 1e-3 });
    }
  },
);

testTensor(`on ${device}, autocast to bfloat16 keeps its eight bits of products`, () => {
  const [x, y] = [numbers().to({ device, dtype: "float32" }), numbers([4, 6], 2)];
  const product = autocast({ device, dtype: "bfloat16" }, () =>
    nn.linear(
      x,
      y.to({ device })
        .to({ dtype: "float32" }),
    ));
  assertEquals(product.dtype, "bfloat16");
  assertClose(product.to({ dtype: "float64" }), numbers().matmul(y.t()), {
    atol: 0.05,
    rtol: 0.02,
  });
});

testTensor(`on ${device}, random numbers are those of their seed`, () => {
  const draw = () => {
    using generator = new Generator(5, { device });
    return randn([100], { device, generator }).toList();
  };
  assertEquals(draw(), draw());
  manualSeed(3);
  const order = randperm(50, { device }).toArray();
  assertEquals(Array.from(order as BigInt64Array, Number).sort((a, b) => a - b), [
    ...Array(50).keys(),
  ]);
});

testTensor(`on ${device}, AdamW moves parameters as on the CPU`, () => {
  const moved = (on: typeof device) => {
    using model = new VisionTransformer({ embedDim: 12, depth: 1, numHeads: 1, patchSize: 8 })
      .to({ device: on });
    const options = { depth: 1, layerwiseDecay: 0.9, patchEmbedLrMult: 0.2 };
    const named = Array.from(
      model.namedParameters(),
      ([name, value]) => [`backbone.${name}`, value] as [string, Tensor],
    );
    using optimizer = new AdamW(parameterGroups(named, options));
    for (let step = 0; step < 3; step++) {
      optimizer.zeroGrad();
      scope(() =>
        model.forwardFeatures(numbers([1, 3, 224, 224]).to({ device: on, dtype: "float32" }))
          .xNormPatchtokens.pow(2).mean().backward()
      );
      optimizer.step({ lr: 1e-3, wd: 0.04 });
    }
    return model.blocks[0].mlp.parameters().map((each) =>
      each.detach().to({ device: "cpu" }).clone()
    );
  };
  const expected = moved("cpu");
  moved(device).forEach((each, i) => assertClose(each, expected[i], { atol: 1e-4, rtol: 1e-3 }));
});

for (const name of ["centering_drop_path", "sinkhorn_separate_heads"]) {
  for (const dtype of ["float32", "bfloat16"] as const) {
    Deno.test(`on ${device}, the step follows the reference in ${dtype}: ${name}`, () => {
      const path = fromFileUrl(new URL(`golden/run_${name}`, import.meta.url));
      const { worst } = followRun(path, { device, dtype });
      for (const [what, { difference, allowed, where }] of Object.entries(worst)) {
        assert(difference <= allowed, `${what}: ${difference} of ${allowed} allowed (${where})`);
      }
    });
  }
}

Deno.test(`on ${device}, steps leave no tensor and no memory behind`, () => {
  const before = liveTensors();
  {
    using learner = tinyLearner(device);
    const step = (iteration: number) =>
      scope(() => void trainStep(learner, noiseBatch(iteration, device), iteration));
    const held = () => {
      synchronize(device);
      return { tensors: liveTensors(), bytes: device === "cpu" ? 0 : deviceMemory(device).current };
    };
    for (let i = 0; i < 10; i++) step(i);
    const warm = held();
    for (let i = 10; i < 60; i++) step(i);
    assertEquals(held(), warm);
  }
  assertEquals(liveTensors(), before);
});

Deno.test(`on ${device}, a run that was stopped is resumed to the same bits`, () =>
  withSmallRun({ train: { device } }, async ({ config }) => {
    useDeterministicAlgorithms(true); // on CUDA, sums into shared places come in any order otherwise
    try {
      const unbroken = movedTo(config, `${config.train.output_dir}-unbroken`);
      await train(unbroken);
      await interrupt(config);
      await resume(config.train.output_dir);
      assertEquals(tensorsOf(config.train.output_dir), tensorsOf(unbroken.train.output_dir));
    } finally {
      useDeterministicAlgorithms(false);
    }
  }));

testTensor(`on ${device}, values come back as they were sent`, () => {
  for (
    const dtype of ["float32", "float64", "float16", "bfloat16", "int64", "uint8", "bool"] as const
  ) {
    const sent = zeros([2, 3], { dtype: "float32" }).add(1).to({ dtype });
    assertEquals(sent.to({ device }).to({ device: "cpu" }).toList(), sent.toList(), dtype);
  }
});

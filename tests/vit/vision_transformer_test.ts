import { assert, assertEquals, assertThrows } from "@std/assert";
import { autocast } from "../../src/autograd/autocast.ts";
import { noGradScope } from "../../src/autograd/mode.ts";
import { hookModules } from "../../src/nn/hooks.ts";
import { tensor, zeros } from "../../src/tensor/create.ts";
import { manualSeed } from "../../src/tensor/random.ts";
import { liveTensors, scope } from "../../src/tensor/scope.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";
import type { VisionTransformerOptions } from "../../src/vit/options.ts";
import { VisionTransformer } from "../../src/vit/vision_transformer.ts";
import { assertClose, filled, testTensor } from "../helpers.ts";
import { fillWithWaves } from "./closed_form.ts";

const plain: VisionTransformerOptions = {
  imgSize: 42,
  patchSize: 14,
  embedDim: 24,
  depth: 2,
  numHeads: 2,
};
const registers: VisionTransformerOptions = {
  ...plain,
  ffnLayer: "swiglu",
  numRegisterTokens: 4,
  interpolateAntialias: true,
  interpolateOffset: 0,
};
/** Small enough for many passes. */
const miniature: VisionTransformerOptions = { imgSize: 8, patchSize: 4, embedDim: 8, depth: 1 };
const tolerance = { atol: 1e-6, rtol: 1e-6 };

function model(options: VisionTransformerOptions): VisionTransformer {
  return fillWithWaves(new VisionTransformer(options).to({ dtype: "float64" })).eval();
}

function images(height: number, width: number, batch = 2): Tensor {
  return filled([batch, 3, height, width], (k) => Math.sin(0.05 * k));
}

/** Image 0 without patches 1 and 3, image 1 without the last. */
function masks(patches: number): Tensor {
  const hidden = new Set([1, 3, 2 * patches - 1]);
  return filled([2, patches], (k) => hidden.has(k) ? 1 : 0).to({ dtype: "bool" });
}

/** The first four values of a token. */
function head(tokens: Tensor, ...at: number[]): Tensor {
  return at.reduce((rest, index) => rest.select(0, index), tokens).narrow(0, 0, 4);
}

testTensor("the models have as many values as the reference's", () => {
  const size = (vit: VisionTransformer) =>
    vit.parameters().reduce((sum, { numel }) => sum + numel, 0);
  using a = model(plain);
  using b = model(registers);
  assertEquals([size(a), size(b)], [29_016, 29_176]);
});

testTensor("square images at the table's size give the reference's features", () => {
  using vit = model(plain);
  const out = vit.forwardFeatures(images(42, 42));
  const cls = out.xNormClstoken, patches = out.xNormPatchtokens;
  assertClose(head(cls, 0), [2.047123, -0.527007, 0.190943, 0.669439], tolerance);
  assertClose(head(cls.narrow(1, 20, 4), 1), [0.254082, 0.210754, -0.718051, -0.335003], tolerance);
  assertClose(head(patches, 1, 8), [2.375344, -1.368664, 0.375640, 0.414630], tolerance);
  assertClose(patches.abs().sum(), 348.36832, { atol: 1e-5 });
  assertEquals(out.masks, null);
});

testTensor("masked patches take the mask token and keep their position", () => {
  using vit = model(plain);
  const mask = masks(9);
  const out = vit.forwardFeatures(images(42, 42), { masks: mask });
  assertClose(head(out.xNormClstoken, 0), [2.056272, -0.517141, 0.168367, 0.701437], tolerance);
  assertClose(
    head(out.xNormPatchtokens, 0, 1),
    [1.998449, -0.715241, -0.033097, 0.613027],
    tolerance,
  );
  assertClose(out.xNormPatchtokens.abs().sum(), 349.4666, { atol: 1e-4 });
  assertEquals(out.masks, mask);
});

testTensor("oblong images with interpolated positions give the reference's features", () => {
  using vit = model(plain);
  const out = vit.forwardFeatures(images(56, 28));
  assertClose(head(out.xNormClstoken, 0), [2.053288, -0.463555, 0.140364, 0.740094], tolerance);
  assertClose(head(out.xNormClstoken.narrow(1, 20, 4), 1), [
    0.295924,
    0.208773,
    -0.751116,
    -0.304272,
  ], tolerance);
  assertClose(
    head(out.xNormPatchtokens, 1, 7),
    [0.278957, 0.587997, -0.884206, 0.410585],
    tolerance,
  );
  assertClose(out.xNormPatchtokens.abs().sum(), 307.74796, { atol: 1e-5 });
  assertClose(out.xPrenorm.abs().sum(), 270.41215, { atol: 1e-5 });
  const masked = vit.forwardFeatures(images(56, 28), { masks: masks(8) });
  assertClose(head(masked.xNormClstoken, 0), [2.054281, -0.509049, 0.173495, 0.700602], tolerance);
  assertClose(masked.xNormPatchtokens.abs().sum(), 306.78512, { atol: 1e-5 });
});

testTensor("registers and SwiGLU give the reference's features", () => {
  using vit = model(registers);
  const square = vit.forwardFeatures(images(42, 42));
  assertClose(head(square.xNormClstoken, 0), [1.569717, -0.783345, 1.168691, -0.211806], tolerance);
  assertClose(
    head(square.xNormPatchtokens, 1, 8),
    [1.691827, -1.292102, 1.291745, -0.761375],
    tolerance,
  );
  assertClose(square.xNormPatchtokens.abs().sum(), 349.21264, { atol: 1e-5 });
  const masked = vit.forwardFeatures(images(42, 42), { masks: masks(9) });
  assertClose(head(masked.xNormClstoken, 0), [1.579747, -0.773635, 1.160225, -0.194937], tolerance);
  assertClose(masked.xNormPatchtokens.abs().sum(), 348.12797, { atol: 1e-5 });
});

testTensor("registers stay apart from patches when positions are interpolated", () => {
  using vit = model(registers);
  const out = vit.forwardFeatures(images(56, 28));
  assertClose(head(out.xNormClstoken, 0), [1.588220, -0.716782, 1.178965, -0.194940], tolerance);
  assertClose(
    head(out.xNormRegtokens, 0, 2),
    [1.447096, -0.984389, 0.828972, -0.819373],
    tolerance,
  );
  assertClose(
    head(out.xNormPatchtokens, 1, 7),
    [-0.270880, 0.934409, -0.703375, -0.103499],
    tolerance,
  );
  assertClose(out.xNormPatchtokens.abs().sum(), 322.08859, { atol: 1e-5 });
  assertEquals(out.xNormRegtokens.shape, [2, 4, 24]);
  assertEquals(out.xPrenorm.shape, [2, 1 + 4 + 8, 24]);
});

testTensor("intermediate layers are block outputs after the final norm", () => {
  using a = model(plain);
  using b = model(registers);
  const tap = (vit: VisionTransformer) => vit.getIntermediateLayers(images(42, 42), { n: [0] })[0];
  assertClose(
    head(tap(a).cls, 0),
    [1.529530, 0.363073, -0.036861, 1.339963],
    tolerance,
  );
  assertClose(
    head(tap(b).cls, 0),
    [1.242079, -0.308681, 0.755165, 1.143291],
    tolerance,
  );
});

testTensor("the last intermediate layer agrees with the features, as a list and as a grid", () => {
  using vit = model(registers);
  const x = images(56, 28), features = vit.forwardFeatures(x);
  const [before, last] = vit.getIntermediateLayers(x, { n: 2, reshape: true });
  assertEquals(before.patches.shape, [2, 24, 4, 2]);
  assertClose(last.patches.flatten(2, 3).transpose(1, 2), features.xNormPatchtokens);
  const [raw] = vit.getIntermediateLayers(x, { norm: false });
  assertClose(raw.cls, features.xPrenorm.select(1, 0));
  assertClose(raw.patches, features.xPrenorm.narrow(1, 5, 8));
});

testTensor("calling the model gives the normed class token", () => {
  using vit = model(plain);
  assertClose(vit.forward(images(42, 42)), vit.forwardFeatures(images(42, 42)).xNormClstoken);
});

testTensor("a packed pass over crop groups equals a pass over each, gradients included", () => {
  const large = images(42, 42), small = images(28, 14, 3), mask = masks(9);
  const run = (packed: boolean) => {
    const vit = model(registers);
    const [a, b] = packed
      ? vit.forwardFeatures([large, small], { masks: [mask, null] })
      : [vit.forwardFeatures(large, { masks: mask }), vit.forwardFeatures(small)];
    const outputs = [a.xNormClstoken, a.xNormPatchtokens, b.xPrenorm, b.xNormRegtokens];
    outputs.map((output) => output.pow(2).sum()).reduce((x, y) => x.add(y)).backward();
    const gradients = vit.parameters().map((value) => value.grad!);
    vit.dispose();
    return [...outputs, ...gradients];
  };
  const [packed, apart] = [run(true), run(false)];
  packed.forEach((value, i) => assertClose(value, apart[i], { atol: 1e-9, rtol: 1e-9 }));
});

testTensor("every parameter's gradient agrees with differences along a direction", () => {
  for (const options of [plain, registers]) {
    using vit = model({ ...options, ...miniature });
    const x = images(8, 8), mask = masks(4);
    const loss = () => vit.forwardFeatures(x, { masks: mask }).xNormPatchtokens.pow(4).mean();
    loss().backward();
    for (const value of vit.parameters()) {
      const gradient = value.grad!, leaf = value.detach();
      const step = filled(value.shape, (k) => 1e-5 * Math.cos(1.3 * k));
      leaf.add_(step);
      const above = loss().item();
      leaf.sub_(step.mul(2));
      const change = above - loss().item();
      leaf.add_(step);
      const expected = gradient.mul(step).sum().item() * 2;
      assertClose(change, expected, { atol: 1e-13, rtol: 1e-4 });
    }
  }
});

testTensor(
  "branches are dropped in training, two of each block and group, and never in evaluation",
  () => {
    using vit = model({ ...plain, dropPathRate: 0.5 });
    const batches: number[] = [];
    const permutation = (batch: number) => {
      batches.push(batch);
      return Array.from({ length: batch }, (_, i) => i);
    };
    const pass = () => vit.forwardFeatures([images(28, 28, 4), images(14, 14, 2)], { permutation });
    pass();
    assertEquals(batches, []);
    vit.train();
    const [{ xPrenorm }] = pass();
    assertEquals(batches, [4, 2, 4, 2, 4, 2, 4, 2]);
    using still = model({ ...plain, dropPathRate: 0.5 });
    const whole = still.forwardFeatures(images(28, 28, 4)).xPrenorm;
    const gap = xPrenorm.sub(whole).abs().amax([1, 2]).toList() as number[];
    assertEquals(
      gap.map((value) => value > 1e-6),
      [true, true, true, true],
      "kept ones are scaled",
    );
  },
);

testTensor(
  "a model that is called in training drops branches as it does for all its features",
  () => {
    using vit = model({ ...plain, dropPathRate: 0.5 }).train();
    const drawn = (pass: () => Tensor) => {
      manualSeed(3);
      return pass();
    };
    const x = images(28, 28, 4);
    const called = drawn(() => vit.forward(x));
    assertClose(called, drawn(() => vit.forwardFeatures(x).xNormClstoken));
    assert(called.sub(vit.eval().forward(x)).abs().max().item() > 1e-3);
  },
);

testTensor("no block holds on to what the blocks before it were given", () => {
  for (const dropPathRate of [0, 0.5]) {
    using vit = new VisionTransformer({ ...registers, ...miniature, depth: 4, dropPathRate })
      .train();
    const counts: number[] = [];
    using _hooks = hookModules(vit, ({ module }, run) => {
      if (/^blocks\.\d$/.test(module)) counts.push(liveTensors());
      return run();
    });
    noGradScope(() => vit.forwardFeatures([zeros([4, 3, 8, 8]), zeros([4, 3, 4, 4])]));
    assertEquals(counts, Array(4).fill(counts[0]));
  }
});

testTensor("a single register is one", () => {
  using vit = new VisionTransformer({ ...plain, numRegisterTokens: 1 });
  assertEquals(vit.registerTokens?.shape, [1, 1, 24]);
  assertEquals(vit.forwardFeatures(images(14, 14).to({ dtype: "float32" })).xNormRegtokens.shape, [
    ...[2, 1, 24],
  ]);
});

testTensor("positions learn from crops of another size", () => {
  using vit = model(plain);
  vit.forwardFeatures(images(28, 28)).xNormClstoken.pow(3).sum().backward();
  assertEquals(vit.posEmbed.grad!.abs().amin([0, 2]).amin(0).item() > 0, true);
});

testTensor("the number of live tensors does not grow from pass to pass", () => {
  using vit = new VisionTransformer({ ...registers, ...miniature, dropPathRate: 0.3 });
  const pass = () =>
    scope(() => {
      const crops = [zeros([4, 3, 8, 8]), zeros([4, 3, 4, 4])];
      const [a] = vit.forwardFeatures(crops);
      a.xNormClstoken.sum().backward();
      vit.zeroGrad();
      vit.getIntermediateLayers(crops[0]);
    });
  pass();
  const before = liveTensors();
  for (let i = 0; i < 5; i++) pass();
  assertEquals(liveTensors(), before);
});

testTensor("under autocast the residual stream stays in float32", () => {
  for (const options of [plain, { ...registers, initValues: 0 }]) {
    for (const dropPathRate of [0, 0.5]) {
      using vit = fillWithWaves(new VisionTransformer({ ...options, dropPathRate }));
      const x = images(42, 42).to({ dtype: "float32" });
      const run = () => vit.forwardFeatures(x, { masks: masks(9), permutation: () => [1] });
      const out = autocast({ device: "cpu", dtype: "bfloat16" }, run);
      assertEquals(out.xPrenorm.dtype, "float32");
      assertClose(out.xPrenorm, run().xPrenorm, { atol: 0.02, rtol: 0.02 });
      out.xNormClstoken.pow(2).mean().backward();
      assertEquals(vit.blocks[0].attn.qkv.weight.grad!.dtype, "float32");
    }
  }
});

testTensor("a mask of the wrong shape or type is refused", () => {
  using vit = new VisionTransformer(plain);
  const x = zeros([2, 3, 42, 42]);
  const refuse = (mask: Tensor) =>
    assertThrows(() => vit.forwardFeatures(x, { masks: mask }), TypeError).message;
  assertEquals(
    refuse(tensor([[true, false]])),
    "Cannot mask 2 x 9 patches with a bool tensor of shape [1, 2]: expected bool [2, 9]",
  );
  assertEquals(
    refuse(zeros([2, 9])),
    "Cannot mask 2 x 9 patches with a float32 tensor of shape [2, 9]: expected bool [2, 9]",
  );
});

testTensor("an empty list of crops and a list of masks of another length are refused", () => {
  using vit = new VisionTransformer(plain);
  const refuse = (crops: Tensor[], masks: null[]) =>
    assertThrows(() => vit.forwardFeatures(crops, { masks }), TypeError).message;
  const cure = "give at least one group, and a mask or null for each";
  assertEquals(refuse([], []), `Cannot encode 0 crop groups with 0 masks: ${cure}`);
  assertEquals(
    refuse([zeros([1, 3, 14, 14])], [null, null]),
    `Cannot encode 1 crop groups with 2 masks: ${cure}`,
  );
});

testTensor("a block that does not exist cannot be tapped", () => {
  using vit = new VisionTransformer(plain);
  const x = zeros([1, 3, 14, 14]);
  const refuse = (n: number | number[]) =>
    assertThrows(() => vit.getIntermediateLayers(x, { n }), RangeError).message;
  assertEquals(refuse([0, 2]), "There is no block 2: the model has blocks 0 to 1");
  assertEquals(refuse(3), "There is no block -1: the model has blocks 0 to 1");
});

testTensor("weights start as the reference's do, the same for the same seed", () => {
  const options = { ...registers, embedDim: 96, initValues: 1e-5, seed: 4 };
  using vit = new VisionTransformer(options);
  using twin = new VisionTransformer(options);
  const state = vit.stateDict();
  for (const [name, value] of twin.namedParameters()) assertClose(value, state[name], { atol: 0 });
  const spread = (name: string, std: number) => assertClose(state[name].std(), std, { rtol: 0.2 });
  spread("cls_token", 1e-6);
  spread("register_tokens", 1e-6);
  spread("pos_embed", 0.02);
  spread("blocks.1.attn.qkv.weight", 0.02);
  spread("blocks.0.mlp.w3.weight", 0.02);
  spread("patch_embed.proj.weight", 1 / Math.sqrt(3 * 14 ** 2) / Math.sqrt(3));
  const constant = (name: string, value: number) =>
    assertClose(state[name], Array(state[name].numel).fill(value), { atol: 0 });
  constant("mask_token", 0);
  constant("blocks.0.ls1.gamma", 1e-5);
  constant("blocks.1.norm2.weight", 1);
  constant("blocks.1.attn.proj.bias", 0);
});

testTensor("the class token computed alone is that of all features, and learns alike", () => {
  for (const options of [plain, registers]) {
    using vit = model(options);
    const passes = [
      () => vit.forward(images(42, 56)),
      () => vit.forwardFeatures(images(42, 56)).xNormClstoken,
    ];
    const [alone, whole] = passes.map((pass) => {
      const cls = pass();
      cls.pow(2).sum().backward();
      const { qkv } = vit.blocks.at(-1)!.attn;
      const gradients = [qkv.weight, qkv.bias!, vit.patchEmbed.proj.weight].map(({ grad }) =>
        grad!.clone()
      );
      vit.zeroGrad();
      return [cls, ...gradients];
    });
    alone.forEach((value, i) => assertClose(value, whole[i], { atol: 1e-10, rtol: 1e-8 }));
  }
});

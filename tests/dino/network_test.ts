import { assert, assertEquals } from "@std/assert";
import { resolveConfig } from "../../src/config/resolve.ts";
import type { Settings } from "../../src/config/schema.ts";
import { DinoHead } from "../../src/dino/head.ts";
import { Network, networkOptions } from "../../src/dino/network.ts";
import { onDevice } from "../../src/tensor/device.ts";
import { Generator } from "../../src/tensor/random.ts";
import { testTensor } from "../helpers.ts";

const head = {
  head_n_prototypes: 24,
  head_bottleneck_dim: 6,
  head_nlayers: 2,
  head_hidden_dim: 10,
};
const settings: Settings = {
  student: {
    ...{ arch: "vit_nano", patch_size: 8, ffn_layer: "swiglu", layerscale: 0.5 },
    ...{ drop_path_rate: 0.2, drop_path_uniform: false, num_register_tokens: 3 },
    ...{ interpolate_offset: 0, interpolate_antialias: true },
  },
  crops: { global_crops_size: 48, local_crops_size: 16 },
  train: { dataset_path: "images", seed: 7 },
  data: { channels: 2, mean: [0.5, 0.5], std: [0.1, 0.1] },
  dino: head,
  ibot: { ...head, head_n_prototypes: 20, separate_head: true },
};

Deno.test("every setting of the networks reaches them", () => {
  const sizes = { hiddenDim: 10, bottleneckDim: 6, nlayers: 2 };
  assertEquals(networkOptions(resolveConfig(settings)), {
    backbone: {
      ...{ embedDim: 64, depth: 4, numHeads: 2, imgSize: 48, patchSize: 8, inChans: 2 },
      ...{ ffnLayer: "swiglu", initValues: 0.5, numRegisterTokens: 3 },
      ...{ dropPathRate: 0.2, dropPathUniform: false },
      ...{ interpolateOffset: 0, interpolateAntialias: true },
    },
    dinoHead: { prototypes: 24, ...sizes },
    ibotHead: { prototypes: 20, ...sizes },
    seed: 7,
  });
  const shared = resolveConfig(settings, { ibot: { separate_head: false } });
  assertEquals("ibotHead" in networkOptions(shared), false);
  const without = resolveConfig(settings, { ibot: { loss_weight: 0 } });
  assertEquals("ibotHead" in networkOptions(without), false);
});

testTensor("a head has the reference's three layers of 2048 and a bottleneck of 256", () => {
  using made = onDevice("meta", () => new DinoHead(64, { prototypes: 100 }));
  const shapes = Object.fromEntries(
    Array.from(made.namedParameters(), ([name, { shape }]) => [name, [...shape]]),
  );
  assertEquals(shapes, {
    "mlp.0.weight": [2048, 64],
    "mlp.0.bias": [2048],
    "mlp.2.weight": [2048, 2048],
    "mlp.2.bias": [2048],
    "mlp.4.weight": [256, 2048],
    "mlp.4.bias": [256],
    "last_layer.weight_g": [100, 1],
    "last_layer.weight_v": [100, 256],
  });
});

testTensor(
  "networks of one seed are alike, of two seeds are not, and heads are not drawn alike",
  () => {
    const options = networkOptions(resolveConfig(settings));
    const first = ({ dinoHead, ibotHead, backbone }: Network) =>
      [dinoHead.lastLayer.weightV, ibotHead!.lastLayer.weightV, backbone.posEmbed]
        .map((value) => value.detach().flatten().narrow(0, 0, 4).toList());
    const of = (seed?: number) => {
      using made = new Network({ ...options, seed });
      return first(made);
    };
    const zero = of(0);
    assertEquals(of(), zero);
    for (const [i, values] of of(1).entries()) assert(String(values) !== String(zero[i]));
    assert(String(zero[0]) !== String(zero[1]));
    using generator = new Generator(1); // heads are drawn from the seed after the backbone's
    using alone = new DinoHead(64, { ...options.dinoHead, generator });
    assertEquals(alone.lastLayer.weightV.detach().flatten().narrow(0, 0, 4).toList(), zero[0]);
  },
);

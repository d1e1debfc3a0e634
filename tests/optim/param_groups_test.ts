import "../native.ts";
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { parameterGroups } from "../../src/optim/param_groups.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";
import { parameterShapes } from "../../src/vit/parameter_shapes.ts";

const depth = 24;
const large = { embedDim: 1024, depth, numHeads: 16, patchSize: 14, numRegisterTokens: 4 };

/** Groups sort by name alone, so a name stands for its parameter. */
function groupsOf(names: string[], layerwiseDecay: number) {
  const parameters = names.map((name) => [name, name as unknown as Tensor] as const);
  return parameterGroups(parameters, { depth, layerwiseDecay, patchEmbedLrMult: 0.2 });
}

const backbone = Object.keys(parameterShapes(large)).map((name) => `backbone.${name}`);
const head = ["mlp.0.weight", "mlp.0.bias", "last_layer.weight_g", "last_layer.weight_v"]
  .map((name) => `dino_head.${name}`);

function groupOf(name: string, layerwiseDecay = 0.9) {
  return groupsOf([...backbone, ...head], layerwiseDecay).find(({ names }) =>
    names!.includes(name)
  )!;
}

Deno.test("the 344 tensors of ViT-L with registers fuse into 52 groups, a head's into 3", () => {
  assertEquals(backbone.length, 344);
  assertEquals(groupsOf(backbone, 0.9).length, 52);
  assertEquals(groupsOf(head, 0.9).length, 3);
});

Deno.test("learning rates fall layer by layer as in the reference", () => {
  const near = (name: string, expected: number) =>
    assertAlmostEquals(groupOf(name).lrMultiplier, expected, 1e-7);
  near("backbone.cls_token", 0.0717898);
  near("backbone.pos_embed", 0.0717898);
  near("backbone.register_tokens", 0.0717898);
  near("backbone.patch_embed.proj.weight", 0.01435796);
  near("backbone.blocks.0.attn.qkv.weight", 0.07976644);
  near("backbone.blocks.23.mlp.fc1.weight", 0.9);
  near("backbone.norm.weight", 1);
  near("dino_head.mlp.0.weight", 1);
});

Deno.test("without layer decay only the patch embedding learns slower", () => {
  assertEquals(groupOf("backbone.cls_token", 1).lrMultiplier, 1);
  assertAlmostEquals(groupOf("backbone.patch_embed.proj.bias", 1).lrMultiplier, 0.2, 1e-12);
});

Deno.test("biases, norms and LayerScale are not decayed; tokens and prototypes are", () => {
  for (
    const name of [
      "patch_embed.proj.bias",
      "norm.weight",
      "blocks.3.norm1.weight",
      "blocks.3.ls1.gamma",
    ]
  ) {
    assertEquals(groupOf(`backbone.${name}`).wdMultiplier, 0);
  }
  for (const name of ["cls_token", "pos_embed", "mask_token", "blocks.3.attn.qkv.weight"]) {
    assertEquals(groupOf(`backbone.${name}`).wdMultiplier, 1);
  }
  assertEquals(groupOf("dino_head.last_layer.weight_g").wdMultiplier, 1);
});

Deno.test("only prototypes are the last layer", () => {
  assertEquals(groupOf("dino_head.last_layer.weight_v").isLastLayer, true);
  assertEquals(groupOf("dino_head.mlp.0.weight").isLastLayer, false);
});

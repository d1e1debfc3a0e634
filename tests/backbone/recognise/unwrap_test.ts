import { assertEquals, assertThrows } from "@std/assert";
import { groupOf, headsIn, unwrap } from "../../../src/backbone/recognise/unwrap.ts";

const ANCHOR = "patch_embed.proj.weight";

function unwrapped(...names: string[]): string[][] {
  const candidates = unwrap(names.map((name) => ({ name, dtype: "float32", shape: [] })));
  return candidates.map(({ prefix, facts }) => [prefix, ...facts.keys()]);
}

Deno.test("prefixes, heads, students and optimizers are seen through", () => {
  const cases: [stored: string[], found: string[]][] = [
    [[ANCHOR, "blocks.0.norm1.weight"], ["", ANCHOR, "blocks.0.norm1.weight"]],
    [[`backbone.${ANCHOR}`, "dino_head.mlp.0.weight"], ["backbone.", ANCHOR]],
    [[`teacher.backbone.${ANCHOR}`, "student.backbone.norm.bias"], ["teacher.backbone.", ANCHOR]],
    [[`student.module.backbone.${ANCHOR}`, "optimizer.0"], ["student.backbone.", ANCHOR]],
    [[`module.backbone.${ANCHOR}`], ["backbone.", ANCHOR]],
    [[`model.teacher.backbone._fsdp_wrapped_module.${ANCHOR}`, "optimizer.0"], [
      "model.teacher.backbone.",
      ANCHOR,
    ]],
    [[`state_dict.model._orig_mod.${ANCHOR}`, "epoch"], ["state_dict.model.", ANCHOR]],
    [["dinov2.embeddings.patch_embeddings.projection.weight", "classifier.bias"], [
      "dinov2.",
      "embeddings.patch_embeddings.projection.weight",
    ]],
    [[`state_dict.encoder.net.${ANCHOR}`, "lr"], ["state_dict.encoder.net.", ANCHOR]],
    [["model.patch_embed.conv.weight"], []],
  ];
  for (const [stored, found] of cases) {
    assertEquals(unwrapped(...stored), found.length === 0 ? [] : [found]);
  }
});

Deno.test("of several backbones, the one that libraries put to use comes first", () => {
  const names = [`ema.${ANCHOR}`, `student.backbone.${ANCHOR}`, `teacher.backbone.${ANCHOR}`];
  assertEquals(unwrapped(...names).map(([prefix]) => prefix), [
    "teacher.backbone.",
    "ema.",
    "student.backbone.",
  ]);
});

Deno.test("two tensors that wrappers make alike are refused", () => {
  assertThrows(() => unwrapped(ANCHOR, `module.${ANCHOR}`), Error, `two tensors are "${ANCHOR}"`);
});

Deno.test("what is left over is told by the part it belongs to", () => {
  const names = ["teacher.dino_head.mlp.0.bias", "optimizer.3.exp_avg", "head", "model.fc.weight"];
  assertEquals(names.map(groupOf), ["teacher.dino_head", "optimizer", "head", "model.fc"]);
});

Deno.test("projection heads are those of the network that the backbone is of, by the reference's names", () => {
  const heads = (...names: string[]) =>
    [...headsIn(names.map((name) => ({ name, dtype: "float32", shape: [] })))]
      .map(([name, facts]) => [name, facts.name]);
  const [dino, ibot] = ["dino_head.mlp.0.weight", "ibot_head.last_layer.weight_g"];
  assertEquals(heads(dino, ibot, "backbone.norm.bias"), [[dino, dino], [ibot, ibot]]);
  const trained = [`teacher.${dino}`, `student.${ibot}`, "teacher.backbone.dino_head.x"];
  assertEquals(heads(...trained), [[dino, `teacher.${dino}`]]);
  const wrapped = `model.student._fsdp_wrapped_module.${dino}`;
  assertEquals(heads(wrapped, "model.my_dino_head.x"), [[dino, wrapped]]);
});

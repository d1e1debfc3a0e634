import { assertEquals } from "@std/assert";
import { groupOf, unwrap } from "../../../src/backbone/recognise/unwrap.ts";

function unwrapped(...names: string[]): string[] {
  return [...unwrap(names.map((name) => ({ name, dtype: "float32", shape: [] }))).keys()];
}

Deno.test("prefixes, heads, students and optimizers are seen through", () => {
  const cases: [stored: string[], names: string[]][] = [
    [["cls_token", "blocks.0.norm1.weight"], ["cls_token", "blocks.0.norm1.weight"]],
    [["backbone.cls_token", "dino_head.mlp.0.weight"], ["cls_token"]],
    [["teacher.backbone.norm.bias", "student.backbone.norm.bias"], ["norm.bias"]],
    [["student.module.backbone.norm.bias", "optimizer.0.exp_avg"], ["norm.bias"]],
    [["module.backbone.blocks.0.0.attn.qkv.bias"], ["blocks.0.0.attn.qkv.bias"]],
    [["model.teacher.backbone._fsdp_wrapped_module.norm.bias", "optimizer.0"], ["norm.bias"]],
    [["state_dict.model._orig_mod.norm.bias", "epoch"], ["norm.bias"]],
    [["dinov2.layernorm.bias", "classifier.bias"], ["layernorm.bias"]],
  ];
  for (const [stored, names] of cases) assertEquals(unwrapped(...stored), names);
});

Deno.test("what is left over is told by the part it belongs to", () => {
  const names = ["teacher.dino_head.mlp.0.bias", "optimizer.3.exp_avg", "head", "model.fc.weight"];
  assertEquals(names.map(groupOf), ["teacher.dino_head", "optimizer", "head", "model.fc"]);
});

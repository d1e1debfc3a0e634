import { assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { saveCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { writeSafetensors } from "../../src/checkpoint/safetensors.ts";
import { lastTeacher, saveTeacher, teacherPath } from "../../src/checkpoint/teacher.ts";
import { backboneNames, readBackboneWeights } from "../../src/checkpoint/weights.ts";
import { full } from "../../src/tensor/create.ts";
import { testTensor } from "../helpers.ts";
import { inFolder } from "./in_folder.ts";

function one(value: number): { cls_token: ReturnType<typeof full> } {
  return { cls_token: full([1], value) };
}

function first(path: string): number {
  return readBackboneWeights(path).tensors.cls_token.item();
}

Deno.test("prefixes, heads, students and block chunks are seen through", () => {
  const cases: [stored: string[], names: string[]][] = [
    [["cls_token", "blocks.0.norm1.weight"], ["cls_token", "blocks.0.norm1.weight"]],
    [["blocks.1.6.norm1.weight", "norm.bias"], ["blocks.6.norm1.weight", "norm.bias"]],
    [["backbone.cls_token", "dino_head.mlp.0.weight"], ["cls_token"]],
    [["teacher.backbone.blocks.3.23.ls1.gamma", "student.backbone.norm.bias"], [
      "blocks.23.ls1.gamma",
    ]],
    [["module.backbone.blocks.0.0.attn.qkv.bias"], ["blocks.0.attn.qkv.bias"]],
    [["teacher.backbone.module.norm.weight", "dino_loss.center"], ["norm.weight"]],
  ];
  for (const [stored, names] of cases) assertEquals([...backboneNames(stored).values()], names);
});

testTensor("a teacher lies where the reference has it, under the reference's names", () => {
  inFolder((folder) => {
    const tensors = { "backbone.cls_token": full([1], 2), "dino_head.mlp.0.bias": full([3], 1) };
    const state = { config: { student: { arch: "vit_nano" } } };
    const path = saveTeacher(folder, { iteration: 12499, tensors, state });
    assertEquals(path, join(folder, "eval/training_12499/teacher_checkpoint.safetensors"));
    const weights = readBackboneWeights(path);
    assertEquals(Object.keys(weights.tensors), ["cls_token"]);
    assertEquals(weights.state, { ...state, iteration: 12499 });
  });
});

testTensor("the last teacher is the one of the highest iteration that has a file", () => {
  inFolder((folder) => {
    assertEquals(lastTeacher(folder), null);
    for (const iteration of [99, 1000, 200]) {
      saveTeacher(folder, { iteration, tensors: one(iteration), state: {} });
    }
    Deno.mkdirSync(join(folder, "eval", "training_5000"));
    assertEquals(lastTeacher(folder), { iteration: 1000, path: teacherPath(folder, 1000) });
  });
});

testTensor("a run folder gives its newest teacher, alone or in a checkpoint", () => {
  inFolder((folder) => {
    const tensors = (value: number) => ({
      "student.backbone.cls_token": full([1], -1),
      "teacher.backbone.cls_token": full([1], value),
    });
    saveCheckpoint(folder, { iteration: 9, tensors: tensors(9), state: {} });
    assertEquals(first(folder), 9);
    saveTeacher(folder, { iteration: 12, tensors: one(12), state: {} });
    assertEquals(first(folder), 12);
    saveCheckpoint(folder, { iteration: 19, tensors: tensors(19), state: {} });
    assertEquals(first(folder), 19);
  });
});

testTensor("texts that other programs put beside weights are kept as they are", () => {
  inFolder((folder) => {
    const path = join(folder, "w.safetensors");
    writeSafetensors(path, one(1), { author: "someone", format: "pt" });
    assertEquals(readBackboneWeights(path).state, { author: "someone" });
  });
});

Deno.test("a folder without weights and a path without a file are named", () => {
  inFolder((folder) => {
    assertThrows(() => readBackboneWeights(folder), Error, "it holds neither a checkpoint nor");
    assertThrows(() => readBackboneWeights(join(folder, "x")), Error, "there is no such file");
  });
});

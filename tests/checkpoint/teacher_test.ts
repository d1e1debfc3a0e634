import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { SafetensorsFile } from "../../src/checkpoint/safetensors.ts";
import { listTeachers, saveTeacher, teacherPath } from "../../src/checkpoint/teacher.ts";
import { full } from "../../src/tensor/create.ts";
import { testTensor } from "../helpers.ts";
import { inFolder } from "./in_folder.ts";

testTensor("a teacher lies where the reference has it, under the reference's names", () => {
  inFolder((folder) => {
    const tensors = { "backbone.cls_token": full([1], 2), "dino_head.mlp.0.bias": full([3], 1) };
    const state = { config: { student: { arch: "vit_nano" } } };
    const path = saveTeacher(folder, { iteration: 12499, tensors, state });
    assertEquals(path, join(folder, "eval/training_12499/teacher_checkpoint.safetensors"));
    using file = new SafetensorsFile(path);
    assertEquals([...file.entries.keys()].toSorted(), Object.keys(tensors));
    assertEquals(file.state, { ...state, iteration: 12499 });
  });
});

testTensor("teachers that have a file are listed by iteration", () => {
  inFolder((folder) => {
    assertEquals(listTeachers(folder), []);
    for (const iteration of [99, 1000, 200]) {
      saveTeacher(folder, { iteration, tensors: { cls_token: full([1], 1) }, state: {} });
    }
    Deno.mkdirSync(join(folder, "eval", "training_5000"));
    assertEquals(
      listTeachers(folder),
      [99, 200, 1000].map((iteration) => ({ iteration, path: teacherPath(folder, iteration) })),
    );
  });
});

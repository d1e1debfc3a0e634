import { assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { saveCheckpoint } from "../../../src/checkpoint/checkpoint.ts";
import { findWeights } from "../../../src/backbone/recognise/find_weights.ts";
import { saveTeacher } from "../../../src/checkpoint/teacher.ts";
import { full } from "../../../src/tensor/create.ts";
import { testTensor } from "../../helpers.ts";
import { inFolder } from "../../checkpoint/in_folder.ts";

testTensor("a run folder gives its newest teacher, alone or in a checkpoint", () => {
  inFolder((folder) => {
    const tensors = { cls_token: full([1], 1) };
    const nine = saveCheckpoint(folder, { iteration: 9, tensors, state: {} });
    assertEquals(findWeights(folder), nine);
    const twelve = saveTeacher(folder, { iteration: 12, tensors, state: {} });
    assertEquals(findWeights(folder), twelve);
    const nineteen = saveCheckpoint(folder, { iteration: 19, tensors, state: {} });
    assertEquals(findWeights(folder), nineteen);
  });
});

testTensor(
  "damaged weights of a run are refused where they are its newest, with the next ones",
  () => {
    inFolder((folder) => {
      const tensors = { cls_token: full([1], 1) };
      const nine = saveCheckpoint(folder, { iteration: 9, tensors, state: {} });
      const save = {
        checkpoint: () => saveCheckpoint(folder, { iteration: 19, tensors, state: {} }),
        teacher: () => saveTeacher(folder, { iteration: 29, tensors, state: {} }),
      };
      for (const saved of Object.values(save)) {
        const newest = saved();
        Deno.truncateSync(newest, 100);
        const fault =
          `Cannot use the newest weights of a run. Cannot read "${newest}": it is cut short`;
        assertThrows(() => findWeights(folder), Error, fault);
        const cure = `Pass "${nine}" to use the weights of iteration 9 instead`;
        assertThrows(() => findWeights(folder), Error, cure);
      }
      const whole = save.teacher();
      assertEquals(findWeights(folder), whole, "an older damaged file is in nobody's way");
      Deno.truncateSync(whole, 3);
      Deno.truncateSync(nine, 3);
      assertThrows(
        () => findWeights(folder),
        Error,
        "The run has no other readable weights",
      );
    });
  },
);

testTensor(
  "weights of another run are refused where they are the newest, with the next ones",
  () => {
    inFolder((folder) => {
      const tensors = { cls_token: full([1], 1) };
      const own = saveCheckpoint(folder, { iteration: 9, tensors, state: { run_id: "a" } });
      const other = saveTeacher(folder, { iteration: 12, tensors, state: { run_id: "b" } });
      assertEquals(findWeights(folder), other, "which run is meant is not known");
      Deno.writeTextFileSync(join(folder, "config.yaml"), "run_id: a\ntrain: {}\n");
      assertThrows(
        () => findWeights(folder),
        Error,
        `Cannot use "${other}": it belongs to another run than config.yaml. Pass "${own}" to use`,
      );
      const old = saveTeacher(folder, { iteration: 19, tensors, state: {} });
      assertEquals(findWeights(folder), old, "older versions named no run");
    });
  },
);

Deno.test("a path that leads nowhere may be meant as a model's name, of which none is fetched", () => {
  const refused = () => findWeights("/nowhere/dinov2_vits14");
  assertThrows(refused, Error, "there is no such file. Pass a run folder");
});

Deno.test("a folder of a library gives its model, safetensors first", () => {
  inFolder((folder) => {
    Deno.writeTextFileSync(join(folder, "pytorch_model.bin"), "");
    assertEquals(findWeights(folder), join(folder, "pytorch_model.bin"));
    Deno.writeTextFileSync(join(folder, "model.safetensors"), "");
    assertEquals(findWeights(folder), join(folder, "model.safetensors"));
  });
});

Deno.test("of everything that a model's folder may hold, the first that is there is taken", () => {
  inFolder((folder) => {
    const names = [
      ...["pytorch_model.bin.index.json", "pytorch_model.bin"],
      ...["model.safetensors.index.json", "model.safetensors"],
    ];
    for (const name of names) {
      Deno.writeTextFileSync(join(folder, name), "");
      assertEquals(findWeights(folder), join(folder, name));
    }
  });
});

testTensor("of one iteration the teacher is taken, which is smaller than its checkpoint", () => {
  inFolder((folder) => {
    const saved = { iteration: 9, tensors: { cls_token: full([1], 1) }, state: {} };
    saveCheckpoint(folder, saved);
    const teacher = saveTeacher(folder, saved);
    assertEquals(findWeights(folder), teacher);
  });
});

Deno.test("a model in several files is found by its index, and one of them alone is refused", () => {
  inFolder((folder) => {
    assertThrows(() => findWeights(folder), Error, "it contains no checkpoint or teacher");
    const index = join(folder, "model.safetensors.index.json");
    Deno.writeTextFileSync(index, "{}");
    assertEquals(findWeights(folder), index);
    const shard = join(folder, "model-00002-of-00003.safetensors");
    Deno.writeTextFileSync(shard, "");
    assertThrows(() => findWeights(shard), Error, "it is one of 3 files of a model");
    const bin = join(folder, "pytorch_model-00001-of-00012.bin");
    assertThrows(() => findWeights(bin), Error, "it is one of 12 files of a model");
  });
});

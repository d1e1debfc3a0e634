import { assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { saveCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { listCheckpoints } from "../../src/checkpoint/retain.ts";
import { zeros } from "../../src/tensor/create.ts";
import { testTensor } from "../helpers.ts";
import { inFolder } from "./in_folder.ts";

function save(folder: string, iteration: number, maxToKeep?: number): string {
  return saveCheckpoint(folder, { iteration, tensors: { w: zeros([4]) }, state: {} }, {
    maxToKeep,
  });
}

function iterations(folder: string): number[] {
  return listCheckpoints(folder).map(({ iteration }) => iteration);
}

testTensor("the last three checkpoints are kept", () => {
  inFolder((folder) => {
    for (const iteration of [9, 19, 29, 39]) save(folder, iteration);
    assertEquals(iterations(folder), [19, 29, 39]);
  });
});

testTensor("checkpoints are ordered by number, also beyond seven digits", () => {
  inFolder((folder) => {
    save(folder, 10_000_000);
    save(folder, 9_999_999);
    assertEquals(iterations(folder), [9_999_999, 10_000_000]);
  });
});

testTensor("a damaged newer checkpoint never drives out a whole one", () => {
  inFolder((folder) => {
    save(folder, 9, 1);
    Deno.truncateSync(save(folder, 99, 1), 10);
    save(folder, 19, 1);
    save(folder, 29, 1);
    assertEquals(iterations(folder), [29, 99]);
  });
});

testTensor("a folder that is empty or not there holds no checkpoint", () => {
  inFolder((folder) => {
    assertEquals(iterations(folder), []);
    assertEquals(iterations(join(folder, "nowhere")), []);
  });
});

testTensor("what a killed writer left is no checkpoint and is cleared away", () => {
  inFolder((folder) => {
    save(folder, 9);
    const debris = join(folder, "model_0000019.safetensors.partial");
    Deno.writeTextFileSync(debris, "half a checkpoint");
    Deno.writeTextFileSync(join(folder, "notes.partial"), "mine");
    assertEquals(iterations(folder), [9]);
    save(folder, 29);
    assertEquals(
      [...Deno.readDirSync(folder)].map(({ name }) => name).toSorted(),
      ["model_0000009.safetensors", "model_0000029.safetensors", "notes.partial"],
    );
  });
});

Deno.test("iterations that cannot be numbered are refused", () => {
  for (const iteration of [-1, 1.5, NaN]) {
    assertThrows(
      () => saveCheckpoint("/nowhere", { iteration, tensors: {}, state: {} }),
      RangeError,
      "Cannot name a checkpoint",
    );
  }
});

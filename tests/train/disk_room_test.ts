import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "@std/path";
import type { Tensor } from "../../src/tensor/tensor.ts";
import { freeSpace, requireRoom, roomWarning } from "../../src/train/disk_room.ts";
import { inTempFolder } from "../temp_folder.ts";

/** Tensors that take that many bytes, without taking them. */
function taking(bytes: number): Record<string, Tensor> {
  return { w: { numel: bytes / 4, dtype: "float32" } as Tensor };
}

Deno.test("a checkpoint that does not fit on the disk is refused before it is written", () =>
  inTempFolder((folder) => {
    const path = join(folder, "not", "made", "yet");
    requireRoom(path, taking(2 ** 20));
    assertThrows(() => requireRoom(path, taking(2 ** 60)), Error, "1070000000 GB, and ");
  }));

Deno.test("room is asked for as many checkpoints as are kept, and one that is being written", () =>
  inTempFolder((folder) => {
    const free = freeSpace(folder)!;
    assertEquals(roomWarning(folder, taking(free / 8), 3), undefined);
    assertStringIncludes(roomWarning(folder, taking(free / 3), 3)!, "checkpointing.max_to_keep");
    for (const iteration of ["0000001", "0000002"]) {
      Deno.writeTextFileSync(join(folder, `model_${iteration}.safetensors`), "");
    }
    assertEquals(roomWarning(folder, taking(free / 3), 3), undefined);
  }));

Deno.test("a path that is yet to be made has the room of the folder that is there", () => {
  const [here, below] = ["/tmp", "/tmp/not/yet/made"].map((path) => freeSpace(path)!);
  assert(here > 0 && Math.abs(here - below) < 2 ** 30);
});

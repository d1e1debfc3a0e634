import { assertEquals, assertThrows } from "@std/assert";
import { findGlobal, findStorage } from "../../../src/checkpoint/torch/globals.ts";
import { SavedTensor, Storage } from "../../../src/checkpoint/torch/values.ts";

/** A tensor of a storage, as a pickle asks for it. */
function tensorIn(storage: Storage, shape: number[], strides: number[], offset = 0): SavedTensor {
  const build = storage.dtype === null
    ? findGlobal("torch._utils._rebuild_tensor_v3").build!
    : findGlobal("torch._utils._rebuild_tensor_v2").build!;
  return build([
    ...[storage, offset, shape, strides, false, new Map()],
    findGlobal("torch.float32"),
  ]) as SavedTensor;
}

Deno.test("a tensor ends within its storage, which counts elements, or bytes where it has no type", () => {
  for (const storage of [new Storage("0", "float32", 6), new Storage("0", null, 24)]) {
    const { dtype, shape } = tensorIn(storage, [2, 3], [3, 1]);
    assertEquals([dtype, shape], ["float32", [2, 3]]);
    tensorIn(storage, [5], [1], 1);
    tensorIn(storage, [0, 7], [7, 1]);
    for (const [shape, strides, offset] of [[[7], [1], 0], [[6], [1], 1], [[3], [3], 0]] as const) {
      assertThrows(
        () => tensorIn(storage, [...shape], [...strides], offset),
        Error,
        "beyond its storage",
      );
    }
    assertThrows(() => tensorIn(storage, [7], [0]), Error, "repeats its 6 elements");
  }
  assertThrows(() => tensorIn(new Storage("0", null, 23), [6], [1]), Error, "beyond its storage");
});

Deno.test("a storage is told by its type, key and length; a part of another is refused", () => {
  const half = findGlobal("torch.HalfStorage");
  assertEquals(findStorage(["storage", half, "7", "cpu", 9]), new Storage("7", "float16", 9));
  const untyped = findGlobal("torch.storage.UntypedStorage");
  assertEquals(findStorage(["storage", untyped, "7", "cuda:0", 9, null]).dtype, null);
  const part = ["storage", half, "7", "cpu", 9, ["7", 0, 3]];
  assertThrows(() => findStorage(part), Error, "is part of another");
  for (const wrong of [["tensor", half, "7", "cpu", 9], ["storage", half, 7, "cpu", 9], [], null]) {
    assertThrows(() => findStorage(wrong), Error, "something that is not a storage");
  }
});

import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { npyHead, writeNpy } from "../../src/checkpoint/npy.ts";
import { tensor, zeros } from "../../src/tensor/create.ts";
import { testTensor } from "../helpers.ts";
import { inFolder } from "./in_folder.ts";

testTensor("a matrix has NumPy's header, then its rows", () => {
  inFolder((folder) => {
    const path = join(folder, "a.npy");
    writeNpy(path, tensor([[1, 2, 3], [4, 5, 6]]));
    const bytes = Deno.readFileSync(path);
    assertEquals(bytes.length, 128 + 24);
    assertEquals([...bytes.subarray(0, 10)], [0x93, 78, 85, 77, 80, 89, 1, 0, 118, 0]);
    const header = new TextDecoder().decode(bytes.subarray(10, 128));
    assertEquals(header.trimEnd(), "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3,), }");
    assertEquals(header.at(-1), "\n");
    assertEquals([...new Float32Array(bytes.slice(128).buffer)], [1, 2, 3, 4, 5, 6]);
  });
});

testTensor("a type that NumPy lacks is refused", () => {
  assertThrows(() => writeNpy("a.npy", zeros([1], { dtype: "bfloat16" })), TypeError, "float32");
});

Deno.test("every type has NumPy's name", () => {
  const names = {
    float64: "<f8",
    float32: "<f4",
    float16: "<f2",
    int64: "<i8",
    int32: "<i4",
    uint8: "|u1",
    bool: "|b1",
  } as const;
  for (const [dtype, name] of Object.entries(names)) {
    const head = new TextDecoder().decode(npyHead(dtype as keyof typeof names, [2]));
    assertStringIncludes(head, `{'descr': '${name}', `);
  }
});

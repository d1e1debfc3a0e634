import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { npyHead, writeNpy } from "../../src/checkpoint/npy.ts";
import { tensor, zeros } from "../../src/tensor/create.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";
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

Deno.test("shapes of no, one and three sides are Python's tuples, and a head fills what was left for it", () => {
  const headOf = (shape: number[], size?: number) => {
    const head = npyHead("float32", shape, size);
    const length = new DataView(head.buffer).getUint16(8, true);
    assertEquals(head.length, 10 + length);
    assertEquals([head.length % 64, head.at(-1)], [0, 10]);
    return [head.length, new TextDecoder().decode(head.subarray(10)).trimEnd()];
  };
  const text = (shape: string) => `{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }`;
  assertEquals(headOf([]), [64 * 2, text("()")]);
  assertEquals(headOf([5]), [64 * 2, text("(5,)")]);
  assertEquals(headOf([1, 2, 3]), [64 * 2, text("(1, 2, 3,)")]);
  assertEquals(headOf([7, 9], 256), [256, text("(7, 9,)")]);
  assertEquals(headOf([7, 9], 64), [128, text("(7, 9,)")], "never less than it takes");
  // 128 bytes hold a text of 117 and the end of its line, and not one more.
  const widest = [111_111_111_111_111, 111_111_111_111_111, 111_111_111_111_111, 1_111_111_111];
  assertEquals([headOf(widest)[0], headOf(widest.with(3, 10 * widest[3]))[0]], [128, 192]);
});

testTensor("values of every type, also of a transposed matrix, are as NumPy has them", () => {
  inFolder((folder) => {
    const path = join(folder, "a.npy");
    const bytesOf = (matrix: Tensor) => {
      writeNpy(path, matrix);
      const bytes = Deno.readFileSync(path);
      return [...bytes.subarray(10 + new DataView(bytes.buffer).getUint16(8, true))];
    };
    const whole = tensor([[1, 2], [0, 1]]);
    assertEquals(bytesOf(whole.to({ dtype: "uint8" }).t()), [1, 0, 2, 1]);
    assertEquals(bytesOf(whole.to({ dtype: "bool" })), [1, 1, 0, 1]);
    assertEquals(bytesOf(whole.to({ dtype: "float16" })).slice(0, 4), [0, 0x3c, 0, 0x40]);
    assertEquals(bytesOf(whole.to({ dtype: "int64" })).length, 32);
  });
});

import { assertEquals, assertThrows } from "@std/assert";
import {
  arange,
  cat,
  empty,
  eye,
  full,
  linspace,
  ones,
  stack,
  tensor,
  where,
  zeros,
  zerosLike,
} from "../../src/tensor/create.ts";
import { rand, randint, randn } from "../../src/tensor/random.ts";
import { bytesPerElement } from "../../src/tensor/dtype.ts";
import { assertClose, testTensor } from "../helpers.ts";

testTensor("tensors are made of what their names say, in the type asked for", () => {
  assertEquals([zeros([2]).toList(), ones([2]).toList(), full([2], 7).toList()], [[0, 0], [1, 1], [
    7,
    7,
  ]]);
  assertEquals(eye(2).toList(), [[1, 0], [0, 1]]);
  assertEquals(linspace({ start: 0, end: 1, steps: 5 }).toList(), [0, 0.25, 0.5, 0.75, 1]);
  assertEquals(arange(7, { start: 1, step: 2 }).toList(), [1, 3, 5]);
  assertEquals([arange(3).dtype, arange(1.5).dtype, arange(3, { dtype: "float64" }).dtype], [
    "int64",
    "float32",
    "float64",
  ]);
  assertEquals(arange(1, { step: 0.25 }).toList(), [0, 0.25, 0.5, 0.75]);
  const int32 = { dtype: "int32" } as const;
  const made = [
    zeros([1], int32),
    ones([1], int32),
    full([1], 1, int32),
    empty([1], int32),
    eye(1, int32),
  ];
  assertEquals(made.map(({ dtype }) => dtype), Array(5).fill("int32"));
  const meta = { device: "meta" } as const;
  const placed = [
    zeros([1], meta),
    ones([1], meta),
    full([1], 1, meta),
    empty([1], meta),
    eye(1, meta),
    arange(1, meta),
    linspace({ start: 0, end: 1, steps: 2 }, meta),
    tensor([1], meta),
    tensor(new Float32Array(1), meta),
    rand([1], meta),
    randn([1], meta),
    randint({ high: 2 }, [1], meta),
  ];
  assertEquals(placed.map(({ device }) => device), placed.map(() => "meta"));
  const like = zerosLike(ones([2, 1], { dtype: "float64" }));
  assertEquals([like.toList(), like.dtype], [[[0], [0]], "float64"]);
  assertEquals([full([1], 2).dtype, zeros([1]).dtype], ["float32", "float32"]);
});

testTensor("tensors are joined along a dimension they have, or a new one", () => {
  const a = tensor([[1], [2]]), b = tensor([[3], [4]]);
  assertEquals([cat([a, b]).toList(), cat([a, b], 1).toList()], [[[1], [2], [3], [4]], [[1, 3], [
    2,
    4,
  ]]]);
  assertEquals([stack([a, b]).shape, stack([a, b], 1).toList()], [[2, 2, 1], [[[1], [3]], [[2], [
    4,
  ]]]]);
  assertEquals(where(tensor([true, false]), tensor([1, 2]), tensor([3, 4])).toList(), [1, 4]);
});

testTensor("lists of any length reach native code whole", () => {
  for (const length of [64, 65, 1000]) {
    const values = Array.from({ length }, (_, i) => i);
    const joined = cat(values.map((value) => full([1], value)));
    assertEquals(joined.toList(), values);
    assertEquals(joined.split(values.map(() => 1)).map((piece) => piece.item()), values);
  }
});

testTensor("whole numbers are exact in every type that can hold them, booleans stay such", () => {
  const large = 2 ** 31 - 1; // float32 has it as 2^31
  for (const dtype of ["int32", "int64", "float64"] as const) {
    assertEquals(Number(tensor([large], { dtype }).toArray()[0]), large, dtype);
  }
  assertEquals([tensor(true).dtype, tensor([true], { dtype: "uint8" }).dtype], ["bool", "uint8"]);
  assertEquals(tensor(new Int32Array([1, 2, 3, 4]), { shape: [2, 2] }).toList(), [[1, 2], [3, 4]]);
  assertEquals([
    tensor(new Int32Array(1)).dtype,
    tensor(new Uint8Array(1)).dtype,
    tensor([1]).dtype,
  ], ["int32", "uint8", "float32"]);
  assertThrows(() => tensor([1, [2]] as number[]), TypeError, "a number is expected at depth 1");
});

testTensor("elements take their bytes, and half of float32 keeps eleven or eight digits", () => {
  const sizes = {
    float64: 8,
    float32: 4,
    float16: 2,
    bfloat16: 2,
    int64: 8,
    int32: 4,
    uint8: 1,
    bool: 1,
  };
  for (const [dtype, size] of Object.entries(sizes)) {
    assertEquals(bytesPerElement(dtype as "bool"), size, dtype);
  }
  assertClose(tensor([1 + 2 ** -10], { dtype: "float16" }), [1 + 2 ** -10], { atol: 0, rtol: 0 });
  assertClose(tensor([1 + 2 ** -10], { dtype: "bfloat16" }), [1], { atol: 0, rtol: 0 });
});

import { assert, assertEquals, assertThrows } from "@std/assert";
import { OutOfMemoryError, produced } from "../../src/ffi/errors.ts";
import { native } from "../../src/ffi/library.ts";
import { arange, empty, ones, tensor, zeros } from "../../src/tensor/create.ts";
import { cudaDevices } from "../../src/tensor/device.ts";
import { liveTensors, scope } from "../../src/tensor/scope.ts";
import { filled, gradCheck, testTensor } from "../helpers.ts";

testTensor("toArray() returns what tensor() was given, for every type", () => {
  const cases = [
    new Float32Array([1.5, -2]),
    new Float64Array([1e300, -2]),
    new Float16Array([1.5, -2]),
    new BigInt64Array([1n << 62n, -2n]),
    new Int32Array([-5, 6]),
    new Uint8Array([0, 255]),
  ];
  for (const array of cases) assertEquals(tensor(array).toArray(), array);
  assertEquals(tensor([true, false]).toArray(), new Uint8Array([1, 0]));
  assertEquals(
    tensor([1.5, -2], { dtype: "bfloat16" }).toArray(),
    new Float32Array([1.5, -2]),
  );
});

testTensor(
  "tensors of one buffer, filled anew for each, keep the values they were made of, on every device",
  () => {
    const buffer = new Float32Array(100_000);
    for (const device of cudaDevices() > 0 ? ["cpu", "cuda"] as const : ["cpu"] as const) {
      const made = Array.from(
        { length: 5 },
        (_, i) => tensor(buffer.fill(i), { device }),
      );
      for (const [i, each] of made.entries()) {
        assertEquals([each.min().item(), each.max().item()], [i, i]);
      }
    }
  },
);

testTensor("whole numbers up to 2^53 survive as int64", () => {
  const large = 2 ** 53 - 1;
  assertEquals(tensor([large], { dtype: "int64" }).toArray(), BigInt64Array.of(BigInt(large)));
});

testTensor("toList() nests as deep as the tensor has dimensions", () => {
  assertEquals(arange(6).reshape([3, 2]).toList(), [[0, 1], [2, 3], [4, 5]]);
  assertEquals(tensor(7).toList(), 7);
  assertEquals(tensor([]).toList(), []);
});

testTensor("tensor() refuses ragged arrays and shapes that do not fit", () => {
  assertThrows(() => tensor([[1, 2], [3]]), TypeError, "ragged");
  assertThrows(() => tensor([1, 2, 3], { shape: [2, 2] }), TypeError, "Cannot shape 3 values");
});

testTensor("a view shares memory with its tensor and a clone does not", () => {
  const base = ones([2, 2]);
  base.select(0, 0).fill_(5);
  base.clone().fill_(9);
  assertEquals(base.toList(), [[5, 5], [1, 1]]);
});

testTensor(
  "a detached tensor shares memory, is outside of the graph, and takes no gradient",
  () => {
    const x = ones([2]);
    x.requiresGrad = true;
    const y = x.mul(2), apart = y.detach();
    assertEquals([y.requiresGrad, apart.requiresGrad], [true, false]);
    apart.fill_(5);
    assertEquals(y.toList(), [5, 5]);
  },
);

testTensor("whole numbers beyond 64 bits are filled in as what they are", () => {
  const values = zeros([2], { dtype: "float64" });
  assertEquals(values.fill_(2 ** 100).toList(), [2 ** 100, 2 ** 100]);
  assertEquals(values.add(2 ** 100).toList(), [2 ** 101, 2 ** 101]);
});

testTensor("item() reads one number and refuses more", () => {
  assertEquals(tensor([2.5]).item(), 2.5);
  assertThrows(() => ones([2]).item(), TypeError, "shape [2]");
});

testTensor("a use after disposal is a clean error", () => {
  const gone = ones([2]);
  gone.dispose();
  gone.dispose();
  assert(gone.disposed);
  assertThrows(() => gone.add(1), TypeError, "disposed");
});

testTensor("native mistakes arrive as errors of the fitting class", () => {
  assertThrows(() => ones([2]).select(3, 0), RangeError, "out of range");
  const { message } = assertThrows(() => ones([2]).reshape([3]), Error, "Cannot run reshape");
  assert(!/Exception raised|frame #/.test(message), message); // where in libtorch it was
  assertThrows(() => ones([2, 3]).matmul(ones([2, 3])), TypeError, "inner sizes 3 and 2 differ");
  assertThrows(() => produced(native.deino_neg(0n), "neg"), TypeError, "a tensor is missing");
  const error = assertThrows(() => empty([2 ** 50]), OutOfMemoryError, "Cannot run empty");
  assertEquals(error.name, "OutOfMemoryError");
});

testTensor("backward() accumulates into the leaves' grad until it is cleared", () => {
  const x = tensor([3, 4]);
  x.requiresGrad = true;
  x.mul(x).sum().backward();
  x.mul(x).sum().backward();
  assertEquals(x.grad!.toList(), [12, 16]);
  x.grad = null;
  assertEquals(x.grad, null);
});

testTensor(
  "backward() begins with the gradient it is given, and gives the graph up unless it is to be kept",
  () => {
    const x = tensor([3, 4]);
    x.requiresGrad = true;
    const y = x.mul(x);
    assertThrows(() => y.backward(), Error, "scalar outputs");
    const gradient = tensor([1, 10]);
    y.backward({ gradient, retainGraph: true });
    y.backward({ gradient });
    assertEquals(x.grad!.toList(), [12, 160]);
    assertThrows(() => y.backward({ gradient }), Error, "second time");
  },
);

testTensor("gradients of products, reductions and views agree with differences", () => {
  const a = filled([2, 3], (k) => Math.sin(k + 1)), b = filled([3, 2], (k) => Math.cos(0.7 * k));
  gradCheck((x, y) => x.matmul(y).softmax(-1).log().sum(), [a, b]);
  gradCheck((x) => x.transpose(0, 1).narrow(0, 1, 2).norm().add(x.variance().sqrt()), [a]);
});

Deno.test("a thousand steps leave the count of native tensors where it was", () => {
  const before = liveTensors();
  const weight = ones([4, 4]);
  weight.requiresGrad = true;
  for (let step = 0; step < 1000; step++) {
    scope(() => {
      weight.matmul(weight).sum().backward();
      weight.grad = null;
    });
  }
  weight.dispose();
  assertEquals(liveTensors(), before);
});

testTensor("a tensor prints its type, shape, place and edges", () => {
  assertEquals(
    ones([2]).toString(),
    "Tensor float32 [2] on cpu\n[1, 1]",
  );
  assert(arange(100).toString().includes("[0, 1, 2, …, 97, 98, 99]"));
});

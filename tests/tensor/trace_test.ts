import { assert, assertEquals, assertThrows } from "@std/assert";
import { noGrad } from "../../src/autograd/mode.ts";
import { ones, zeros } from "../../src/tensor/create.ts";
import { keep, scope } from "../../src/tensor/scope.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";
import { traceTensors } from "../../src/tensor/trace.ts";
import { testTensor } from "../helpers.ts";

function forgetful(): Tensor {
  return keep(ones([2, 3]).mul(2));
}

testTensor("a trace names the calls that made the tensors that live, most first", () => {
  using before = keep(zeros([1]));
  const limit = Error.stackTraceLimit;
  using trace = traceTensors();
  const kept = scope(() => {
    ones([5]).add(1); // freed by the scope
    return [...[1, 2, 3].map(forgetful), keep(zeros([4], { dtype: "int64" }))];
  });
  assertEquals(Error.stackTraceLimit, limit, "stacks of errors are as long as before");
  const [leak, other, ...more] = trace.live();
  assertEquals([leak.count, leak.example, other.count, other.example, more.length], [
    ...[3, "float32 [2, 3]", 1, "int64 [4]", 0],
  ]);
  const [innermost, next] = leak.stack.split("\n");
  assert(innermost.includes("forgetful") && innermost.includes("trace_test.ts"), innermost);
  assert(next.includes("map"), next);
  kept.forEach((tensor) => tensor.dispose());
  assertEquals(trace.live(), []);
  assertEquals(before.disposed, false);
});

testTensor("tensors are traced once at a time, and no more afterwards", () => {
  const trace = traceTensors();
  assertThrows(() => traceTensors(), Error, "one is already running");
  trace[Symbol.dispose]();
  using kept = noGrad(() => keep(ones([2])));
  assertEquals([trace.live(), kept.shape], [[], [2]]);
});

import "../native.ts";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { ones, zeros } from "../../src/tensor/create.ts";
import { keep, liveTensors, Scope, scope } from "../../src/tensor/scope.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";

Deno.test("scope() frees what it does not return", () => {
  const before = liveTensors();
  const result = scope(() => ({ sum: ones([2]).add(1), parts: [zeros([1])] }));
  assertEquals(liveTensors(), before + 2);
  assertEquals(result.sum.toList(), [2, 2]);
  result.sum.dispose();
  result.parts[0].dispose();
  assertEquals(liveTensors(), before);
});

Deno.test("a tensor returned from an inner scope belongs to the outer one", () => {
  let inner: Tensor | undefined;
  scope(() => {
    inner = scope(() => ones([1]));
    assert(!inner.disposed);
  });
  assert(inner!.disposed);
});

Deno.test("keep() takes a tensor out of every scope", () => {
  let kept: Tensor | undefined;
  scope(() => {
    scope(() => {
      kept = keep(ones([1]));
    });
  });
  assert(!kept!.disposed);
  kept!.dispose();
});

Deno.test("scope() frees its tensors when its body throws", () => {
  const before = liveTensors();
  assertThrows(() =>
    scope(() => {
      ones([1]);
      throw new RangeError("stop");
    }), RangeError);
  assertEquals(liveTensors(), before);
});

Deno.test("scope() refuses an async body and says why", () => {
  const before = liveTensors();
  assertThrows(
    () =>
      scope(async () => {
        ones([1]);
        await Promise.resolve();
      }),
    TypeError,
    "Cannot run an async function in a scope",
  );
  assertEquals(liveTensors(), before);
});

Deno.test("using a Scope frees its tensors at the end of the block", () => {
  const before = liveTensors();
  {
    using block = new Scope();
    block.keep(ones([1])).dispose();
    ones([1]);
  }
  assertEquals(liveTensors(), before);
});

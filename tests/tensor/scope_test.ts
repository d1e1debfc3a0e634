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

Deno.test("memory is given back when its tensor is freed, not when something else takes its place", () => {
  const before = Deno.memoryUsage().rss;
  scope(() => void ones([2 ** 25])); // 128 MB of float32
  const kept = (Deno.memoryUsage().rss - before) / 2 ** 20;
  assert(kept < 64, `${Math.round(kept)} of 128 MB are kept`);
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

Deno.test("keep() takes out what an inner scope returned, alone or in a tree", () => {
  const kept: Tensor[] = [];
  let left: Tensor | undefined;
  scope(() => {
    const inner = scope(() => {
      ones([1]);
      return { list: [ones([1])], map: new Map([["a", ones([1])]]), left: ones([1]) };
    });
    keep({ list: inner.list, map: inner.map });
    kept.push(inner.list[0], inner.map.get("a")!);
    left = inner.left;
  });
  assertEquals([...kept, left!].map(({ disposed }) => disposed), [false, false, true]);
  for (const tensor of kept) tensor.dispose();
});

Deno.test("scopes that end out of order are told", () => {
  const outer = new Scope(), inner = new Scope();
  assertThrows(() => outer[Symbol.dispose](), Error, "a scope opened inside it is still open");
  inner[Symbol.dispose]();
  outer[Symbol.dispose]();
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

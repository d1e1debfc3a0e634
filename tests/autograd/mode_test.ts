import { assert, assertEquals, assertThrows } from "@std/assert";
import { autocast } from "../../src/autograd/autocast.ts";
import { enableGrad, isGradEnabled, noGrad, noGradScope } from "../../src/autograd/mode.ts";
import { ones, tensor } from "../../src/tensor/create.ts";
import { liveTensors } from "../../src/tensor/scope.ts";
import { testTensor } from "../helpers.ts";

testTensor("noGrad() records nothing and enableGrad() records again inside it", () => {
  const x = ones([1]);
  x.requiresGrad = true;
  noGrad(() => {
    assert(!x.mul(2).requiresGrad);
    assert(enableGrad(() => x.mul(2).requiresGrad));
  });
  assert(x.mul(2).requiresGrad);
});

Deno.test("noGrad() restores the mode when its body throws, and refuses async bodies", () => {
  assertThrows(() =>
    noGrad(() => {
      throw new RangeError("stop");
    }), RangeError);
  assertThrows(() => noGrad(async () => await 1), TypeError, "async");
  assert(isGradEnabled());
});

testTensor("noGradScope() records nothing, and leaves what it returns alone", () => {
  const x = ones([1]);
  x.requiresGrad = true;
  const before = liveTensors();
  const y = noGradScope(() => x.mul(2).add(1));
  assert(!y.requiresGrad);
  assertEquals(liveTensors(), before + 1);
});

testTensor("autocast() runs matrix products in bfloat16 and nothing after it", () => {
  const x = ones([2, 2]);
  const inside = autocast({ device: "cpu", dtype: "bfloat16" }, () => x.matmul(x).dtype);
  assertEquals([inside, x.matmul(x).dtype], ["bfloat16", "float32"]);
});

testTensor(
  "autocast() within another goes back to that one's type, also when its body throws",
  () => {
    const x = ones([2, 2]);
    const types = autocast({ device: "cpu", dtype: "float16" }, () => {
      assertThrows(() =>
        autocast({ device: "cpu", dtype: "bfloat16" }, () => {
          throw new RangeError("stop");
        }), RangeError);
      const inner = autocast({ device: "cpu", dtype: "bfloat16" }, () => x.matmul(x).dtype);
      const wide = autocast({ device: "cpu", dtype: "float32" }, () => x.matmul(x).dtype);
      return [inner, wide, x.matmul(x).dtype];
    });
    assertEquals(types, ["bfloat16", "float16", "float16"]);
  },
);

testTensor("a weight that was updated since is cast anew", () => {
  const weight = ones([1, 1]);
  weight.requiresGrad = true;
  const product = () =>
    autocast({ device: "cpu", dtype: "bfloat16" }, () => tensor([[2]]).matmul(weight).item());
  assertEquals(product(), 2);
  noGrad(() => weight.fill_(3));
  assertEquals(product(), 6);
});

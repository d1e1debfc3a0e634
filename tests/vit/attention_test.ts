import { assertEquals } from "@std/assert";
import { noGrad } from "../../src/autograd/mode.ts";
import { eye, zeros } from "../../src/tensor/create.ts";
import { Attention } from "../../src/vit/attention.ts";
import { assertClose, filled, testTensor } from "../helpers.ts";
import { fillWithWaves } from "./closed_form.ts";

testTensor("with queries and keys of zero every token gets the mean of its own sequence", () => {
  using attention = new Attention(4, 2);
  noGrad(() => {
    attention.qkv.weight.zero_().narrow(0, 8, 4).copy_(eye(4));
    attention.proj.weight.copy_(eye(4));
  });
  const x = filled([2 * 2 + 3, 4], (k) => k, { dtype: "float32" });
  const out = attention.forward(x, [{ batch: 2, length: 2 }, { batch: 1, length: 3 }]);
  const mean = (first: number, count: number) =>
    x.narrow(0, first, count).mean(0, { keepdim: true }).expand([count, 4]);
  assertClose(out.narrow(0, 0, 2), mean(0, 2));
  assertClose(out.narrow(0, 2, 2), mean(2, 2));
  assertClose(out.narrow(0, 4, 3), mean(4, 3));
});

testTensor("heads lie side by side within queries, keys and values", () => {
  using attention = fillWithWaves(new Attention(4, 2).to({ dtype: "float64" }));
  const x = filled([3, 4], (k) => Math.sin(k));
  const qkv = attention.qkv.forward(x); // [3, 12]
  const heads = [0, 1].map((head) => {
    const [q, k, v] = [0, 1, 2].map((part) => qkv.narrow(1, 4 * part + 2 * head, 2));
    return q.matmul(k.t()).mul(1 / Math.SQRT2).softmax(-1).matmul(v); // [3, 2]
  });
  const mixed = zeros([3, 4], { dtype: "float64" });
  heads.forEach((head, i) => mixed.narrow(1, 2 * i, 2).copy_(head.detach()));
  const out = attention.forward(x, [{ batch: 1, length: 3 }]);
  assertEquals(out.shape, [3, 4]);
  assertClose(out, attention.proj.forward(mixed), { atol: 1e-12 });
});

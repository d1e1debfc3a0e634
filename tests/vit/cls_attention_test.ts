import { assertEquals, assertThrows } from "@std/assert";
import { noGrad } from "../../src/autograd/mode.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";
import { VisionTransformer } from "../../src/vit/vision_transformer.ts";
import { assertClose, filled, testTensor } from "../helpers.ts";
import { fillWithWaves } from "./closed_form.ts";

const HEADS = 3, HEAD_DIM = 8, REGISTERS = 4;

/** Two blocks, of which the second adds nothing: what leaves the model is what enters that block. */
function model(): VisionTransformer {
  const vit = fillWithWaves(
    new VisionTransformer({
      imgSize: 42,
      patchSize: 14,
      embedDim: HEADS * HEAD_DIM,
      depth: 2,
      numHeads: HEADS,
      numRegisterTokens: REGISTERS,
    }).to({ dtype: "float64" }),
  ).eval();
  noGrad(() => {
    vit.blocks[1].ls1!.gamma.zero_();
    vit.blocks[1].ls2!.gamma.zero_();
  });
  return vit;
}

function images(): Tensor {
  return filled([2, 3, 28, 42], (k) => Math.sin(0.05 * k));
}

testTensor("the class token's attention is softmax(q kᵀ / √d), computed number by number", () => {
  using vit = model();
  const { norm1, attn } = vit.blocks[1];
  const tokens = vit.forwardFeatures(images()).xPrenorm; // [2, 1 + 4 + 6, 24]
  const qkv = attn.qkv.forward(norm1.forward(tokens)).toList() as number[][][];
  const { cls, registers, patches } = vit.clsAttention(images());
  assertEquals([cls.shape, registers.shape, patches.shape], [[2, 3], [2, 3, 4], [2, 3, 6]]);
  for (const [image, rows] of qkv.entries()) {
    for (let head = 0; head < HEADS; head++) {
      const part = (row: number[], kind: number) =>
        row.slice(HEAD_DIM * (kind * HEADS + head), HEAD_DIM * (kind * HEADS + head + 1));
      const query = part(rows[0], 0);
      const scores = rows.map((row) =>
        Math.exp(part(row, 1).reduce((sum, k, i) => sum + k * query[i], 0) / Math.sqrt(HEAD_DIM))
      );
      const total = scores.reduce((a, b) => a + b);
      const expected = scores.map((score) => score / total);
      const of = (weights: Tensor) => weights.select(0, image).select(0, head);
      assertClose(of(cls), expected[0], { atol: 1e-12 });
      assertClose(of(registers), expected.slice(1, 5), { atol: 1e-12 });
      assertClose(of(patches), expected.slice(5), { atol: 1e-12 });
    }
  }
});

testTensor("attention on class token, registers and patches sums to 1 in every block", () => {
  using vit = model();
  for (const block of [0, 1]) {
    const { cls, registers, patches } = vit.clsAttention(images(), { block });
    const sums = cls.add(registers.sum(2)).add(patches.sum(2));
    assertClose(sums, Array<number>(2 * HEADS).fill(1), { atol: 1e-12 });
  }
});

testTensor("attention of an earlier block does not depend on what follows it", () => {
  using vit = model();
  const before = vit.clsAttention(images(), { block: 0 }).patches;
  noGrad(() => vit.blocks[1].attn.qkv.weight.zero_());
  assertClose(vit.clsAttention(images(), { block: 0 }).patches, before, { atol: 0 });
  // Keys of zero let the second block look everywhere alike.
  noGrad(() => vit.blocks[1].attn.qkv.bias!.zero_());
  const even = Array<number>(2 * HEADS * 6).fill(1 / 11);
  assertClose(vit.clsAttention(images()).patches, even, { atol: 1e-12 });
});

testTensor("attention of a block that does not exist is refused", () => {
  using vit = model();
  const refuse = (block: number) =>
    assertThrows(() => vit.clsAttention(images(), { block }), RangeError).message;
  assertEquals(refuse(2), "There is no block 2: the model has blocks 0 to 1");
  assertEquals(refuse(-1), "There is no block -1: the model has blocks 0 to 1");
});

import { assertEquals, assertThrows } from "@std/assert";
import { tensor } from "../../src/tensor/create.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";
import { addToKept, drawKept, keptCount } from "../../src/vit/drop_path.ts";
import { pack } from "../../src/vit/packing.ts";
import { VisionTransformer } from "../../src/vit/vision_transformer.ts";
import { assertClose, filled, gradCheck, testTensor } from "../helpers.ts";
import { fillWithWaves } from "./closed_form.ts";

Deno.test("the share kept is truncated, and at least one sequence stays", () => {
  assertEquals(
    [[128, 0.3], [64, 0.4], [512, 0.3], [10, 0.3], [2, 0.9]].map(([b, r]) => keptCount(b, r)),
    [
      89,
      38,
      358,
      7,
      1,
    ],
  );
});

testTensor(
  "permutations are drawn branch by branch, group by group, and cut to the kept share",
  () => {
    const asked: number[] = [];
    const permutation = (batch: number) => {
      asked.push(batch);
      return Array.from({ length: batch }, (_, i) => (i + asked.length) % batch);
    };
    const kept = drawKept([4, 2], [0.5, 0.25], { permutation });
    assertEquals(asked, [4, 2, 4, 2]);
    assertEquals(kept.map((branch) => branch.map((indices) => indices.toList())), [
      [[1, 2], [0]],
      [[3, 0, 1], [0]],
    ]);
  },
);

testTensor("a permutation that leaves its batch is refused", () => {
  const draw = (drawn: number[]) =>
    assertThrows(() => drawKept([4], [0.5], { permutation: () => drawn }), RangeError).message;
  assertEquals(
    draw([0, 4]),
    "Cannot keep sequence 4 of a batch of 4: entry 1 of the permutation is out of range",
  );
  assertEquals(
    draw([0]),
    "Cannot keep sequence NaN of a batch of 4: entry 1 of the permutation is out of range",
  );
});

testTensor("kept rows grow by the branch times batch over kept, the others stay", () => {
  const xs = [
    tensor([[[1, 2]], [[3, 4]], [[5, 6]]], { dtype: "float64" }),
    tensor([[[7, 8], [9, 10]]], { dtype: "float64" }),
  ];
  const kept = [tensor([2, 0], { dtype: "int32" }), tensor([0], { dtype: "int32" })];
  const [a, b] = addToKept(xs, kept, (x, groups) => {
    assertEquals(groups, [{ batch: 2, length: 1 }, { batch: 1, length: 2 }]);
    return x.mul(10);
  });
  assertClose(a, [[1 + 15, 2 + 30], [3, 4], [5 + 75, 6 + 90]]);
  assertClose(b, [[77, 88], [99, 110]]);
});

testTensor("gradients flow through kept rows and around them", () => {
  const kept = [tensor([1, 2], { dtype: "int32" })];
  const x = filled([3, 2, 2], (k) => Math.sin(k));
  gradCheck((x) => addToKept([x], kept, (y) => y.pow(2))[0].pow(2).sum(), [x]);
});

testTensor("a model fed permutations equals its blocks worked out by hand", () => {
  using vit = fillWithWaves(
    new VisionTransformer({
      imgSize: 8,
      patchSize: 4,
      embedDim: 8,
      depth: 2,
      numHeads: 2,
      dropPathRate: 0.4,
    }).to({ dtype: "float64" }),
  );
  const crops = [
    filled([5, 3, 8, 8], (k) => Math.sin(0.3 * k)),
    filled([3, 3, 4, 4], (k) => Math.cos(0.2 * k)),
  ];
  // Block by block, attention then feed-forward, five crops then three.
  const drawn = [
    [3, 0, 4, 1, 2],
    [2, 1, 0],
    [1, 2, 0, 3, 4],
    [0, 2, 1],
    [4, 3, 2, 1, 0],
    [1, 0, 2],
    [0, 1, 2, 3, 4],
    [2, 0, 1],
  ];
  const queue = drawn.values();
  const features = vit.forwardFeatures(crops, { permutation: () => queue.next().value! });
  assertEquals(queue.next().done, true);

  let streams = crops.map((crop) => embed(vit, crop));
  for (const [i, block] of vit.blocks.entries()) {
    streams = streams.map((x, group) => {
      const plus = (x: Tensor, order: number[], branch: (row: Tensor) => Tensor) => {
        const keep = order.slice(0, Math.max(Math.trunc(order.length * 0.6), 1));
        const rows = x.unbind(0).map((row, j) =>
          keep.includes(j) ? row.add(branch(row).mul(order.length / keep.length)) : row
        );
        return pack(rows.map((row) => row.unsqueeze(0))).tokens.reshape(x.shape);
      };
      const one = [{ batch: 1, length: x.shape[1] }];
      x = plus(x, drawn[4 * i + group], (row) => {
        return block.attn.forward(block.norm1.forward(row), one).mul(block.ls1!.gamma);
      });
      return plus(x, drawn[4 * i + 2 + group], (row) => {
        return block.mlp.forward(block.norm2.forward(row)).mul(block.ls2!.gamma);
      });
    });
  }
  features.forEach((out, i) => assertClose(out.xPrenorm, streams[i], { atol: 1e-10 }));
});

testTensor("evaluation drops nothing", () => {
  const shape = { imgSize: 8, patchSize: 4, embedDim: 8, depth: 2, numHeads: 2 };
  using dropping = new VisionTransformer({ ...shape, dropPathRate: 0.5 }).eval();
  using whole = new VisionTransformer(shape);
  const x = filled([4, 3, 8, 8], (k) => Math.sin(k), { dtype: "float32" });
  assertClose(dropping.forward(x), whole.forward(x), { atol: 0 });
});

testTensor("with rates growing from zero, the first block draws nothing", () => {
  using vit = new VisionTransformer({
    imgSize: 8,
    patchSize: 4,
    embedDim: 8,
    depth: 3,
    numHeads: 2,
    dropPathRate: 0.5,
    dropPathUniform: false,
  });
  const lengths: number[] = [];
  vit.forwardFeatures([filled([4, 3, 8, 8], () => 0, { dtype: "float32" })], {
    permutation: (batch) => {
      lengths.push(batch);
      return [0, 1, 2, 3];
    },
  });
  assertEquals(lengths, [4, 4, 4, 4]);
});

/** The tokens that enter the first block: the stream of a model whose blocks add nothing. */
function embed(vit: VisionTransformer, images: Tensor): Tensor {
  using bare = new VisionTransformer({ ...vit.options, dropPathRate: 0 }).to({ dtype: "float64" });
  bare.loadStateDict(vit.stateDict());
  for (const block of bare.blocks) {
    for (const { gamma } of [block.ls1!, block.ls2!]) gamma.detach().zero_();
  }
  return bare.forwardFeatures(images).xPrenorm;
}

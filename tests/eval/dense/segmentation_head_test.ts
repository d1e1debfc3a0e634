import { assertEquals } from "@std/assert";
import { SegmentationHead } from "../../../src/eval/dense/segmentation_head.ts";
import { Generator, randn } from "../../../src/tensor/random.ts";
import { assertClose, testTensor } from "../../helpers.ts";

testTensor(
  "its checkpoint has the reference's names, weights begin normal and small, biases at 0",
  () => {
    using generator = new Generator(0);
    using head = new SegmentationHead(400, 50, { generator });
    assertEquals(Object.keys(head.stateDict()).toSorted(), [
      ...["bn.bias", "bn.running_mean", "bn.running_var", "bn.weight"],
      ...["conv_seg.bias", "conv_seg.weight"],
    ]);
    const { weight, bias } = head.convSeg; // 20,000 numbers
    assertClose(weight.std(), 0.01, { rtol: 0.03 });
    assertClose(weight.mean(), 0, { atol: 3e-4 });
    assertClose(weight.abs().lt(0.01).to({ dtype: "float32" }).mean(), 0.683, { atol: 0.02 });
    assertClose(bias, Array<number>(50).fill(0), { atol: 0 });
  },
);

testTensor(
  "features are normalised over the batch in training, by what was seen then afterwards",
  () => {
    using generator = new Generator(0);
    using head = new SegmentationHead(3, 2, { generator });
    const features = randn([4, 3, 5, 5], { generator }).mul(7).add(2);
    const mean = features.mean([0, 2, 3], { keepdim: true });
    const spread = features.sub(mean).pow(2).mean([0, 2, 3], { keepdim: true }).add(1e-5).sqrt();
    const logits = head.train().forward(features);
    assertClose(logits, head.convSeg.forward(features.sub(mean).div(spread)), { atol: 1e-6 });
    const after = head.eval().forward(features);
    assertEquals(after.sub(logits).abs().max().item() > 1e-3, true, "one batch has been seen");
  },
);

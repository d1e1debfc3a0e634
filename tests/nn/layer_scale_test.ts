import { LayerScale } from "../../src/nn/layer_scale.ts";
import { tensor } from "../../src/tensor/create.ts";
import { assertClose, gradCheck, testTensor } from "../helpers.ts";

testTensor("every channel starts with the same factor", () => {
  using scale = new LayerScale(3, 1e-5);
  assertClose(scale.gamma, [1e-5, 1e-5, 1e-5]);
});

testTensor("adding a scaled branch equals scaling, then adding", () => {
  using scale = new LayerScale(2, 1);
  scale.loadStateDict({ gamma: tensor([2, -1]) });
  const x = tensor([[1, 1], [2, 2]]), branch = tensor([[3, 4], [5, 6]]);
  assertClose(scale.forward(branch), [[6, -4], [10, -6]]);
  assertClose(scale.addTo(x, branch), [[7, -3], [12, -4]]);
});

testTensor("gradients reach the stream and the branch", () => {
  using scale = new LayerScale(2, 0.5);
  scale.to({ dtype: "float64" });
  const x = tensor([[1, 2]], { dtype: "float64" }), branch = tensor([[3, 4]], { dtype: "float64" });
  gradCheck((x, branch) => scale.addTo(x, branch).pow(2).sum(), [x, branch]);
});

import { assert, assertEquals } from "@std/assert";
import { noGrad } from "../../../src/autograd/mode.ts";
import { normalizeImages } from "../../../src/data/augment/normalize.ts";
import { depthBlocks, depthFeatures } from "../../../src/eval/dense/dense_features.ts";
import { DepthHead } from "../../../src/eval/dense/depth_head.ts";
import { depthProtocol } from "../../../src/eval/dense/depth_protocol.ts";
import { estimateDepth } from "../../../src/eval/dense/estimate_depth.ts";
import { upsampleBilinear2d } from "../../../src/nn/functional.ts";
import { Generator, rand } from "../../../src/tensor/random.ts";
import { assertClose, testTensor } from "../../helpers.ts";
import { randomBackbone } from "./synthetic.ts";

const normalization = { mean: [0.1, 0.2, 0.3], std: [0.4, 0.5, 0.6] };
const protocol = depthProtocol({ dataset: "plain", layers: 4, maxDepth: 6 });

testTensor(
  "a depth is the mean of what an image and its mirror image give, enlarged to its size",
  () => {
    using model = randomBackbone();
    using generator = new Generator(1);
    using head = new DepthHead(2 * 4 * 16, protocol, { generator }).eval();
    const image = rand([1, 3, 14, 22], { generator }).mul(255);
    const estimator = { model, head, protocol, normalization };
    const estimated = estimateDepth(estimator, image);
    const once = (image: typeof estimated) => {
      const seen = normalizeImages(image, normalization);
      const coarse = head.forward(depthFeatures(model, seen, depthBlocks(4, 4)));
      return upsampleBilinear2d(coarse, [14, 22]).reshape([14, 22]);
    };
    const right = noGrad(() => once(image).add(once(image.flip([3])).flip([1])).div(2));
    assertClose(estimated, right, { rtol: 1e-4 });
    assert(
      estimated.sub(once(image)).abs().max().item() > 1e-4,
      "the mirror image makes a difference",
    );
    assertClose(estimateDepth(estimator, image.flip([3])).flip([1]), estimated, { rtol: 1e-4 });
  },
);

testTensor(
  "depths lie between the protocol's least and greatest, whatever the head was made for",
  () => {
    using model = randomBackbone();
    using generator = new Generator(1);
    const image = rand([1, 3, 16, 16], { generator }).mul(255);
    for (const [middle, expected] of [[50, 6], [3, 3], [0.0002, 0.001]]) {
      using head = new DepthHead(2 * 4 * 16, { minDepth: middle, maxDepth: middle }).eval();
      const estimated = estimateDepth({ model, head, protocol }, image);
      assertEquals(estimated.shape, [16, 16]);
      assertClose(estimated, estimated.mul(0).add(expected), { rtol: 1e-5 });
    }
  },
);

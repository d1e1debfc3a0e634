import { noGradScope } from "../../autograd/mode.ts";
import { linear } from "../../nn/functional.ts";
import { parameter } from "../../nn/module.ts";
import { Sgd } from "../../optim/sgd.ts";
import { stack, tensor, zeros } from "../../tensor/create.ts";
import type { Device } from "../../tensor/device.ts";
import { Generator, randn } from "../../tensor/random.ts";
import { keep, scope } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type LabelledFeatures, labelTensor } from "../../features/labelled_features.ts";
import type { LinearClassifier } from "../linear_classifier.ts";
import { TopCounter, type TopCounts } from "../top_counts.ts";
import type { LinearInput } from "./linear_protocol.ts";
import { inputColumns } from "./linear_embedding.ts";

/** What a {@linkcode LinearGrid} is made of. */
export interface LinearGridOptions {
  /** What the classifiers see. */
  readonly inputs: readonly LinearInput[];
  /** Learning rates: one classifier for each, on each input. */
  readonly rates: readonly number[];
  /** Width D of the backbone's tokens. */
  readonly width: number;
  /** Number of classes C. */
  readonly classes: number;
  /** Of the initial weights. */
  readonly seed: number;
  /** Where to compute. */
  readonly device: Device;
}

/** The classifiers on one input. */
interface Head {
  readonly input: LinearInput;
  /** `[J, C, in]`. */
  readonly weight: Tensor;
  /** `[J, C, 1]`. */
  readonly bias: Tensor;
}

const INITIAL_STD = 0.01;
const BLOCK_ELEMENTS = 2 ** 24;

/** Linear classifiers that are trained side by side: J learning rates on each input, one matrix product for an input. */
export class LinearGrid implements Disposable {
  readonly #options: LinearGridOptions;
  readonly #heads: readonly Head[];
  /** Learning rates, `[J, 1, 1]`. */
  readonly #rates: Tensor;
  readonly #sgd: Sgd;

  /** Draws the weights from a normal distribution of standard deviation 0.01; biases begin at 0. */
  constructor(options: LinearGridOptions) {
    const { inputs, rates, width, classes, seed, device } = options;
    this.#options = options;
    using generator = new Generator(seed);
    this.#heads = inputs.map((input) => {
      const columns = (input.blocks + (input.avgpool ? 1 : 0)) * width;
      const weight = scope(() =>
        randn([rates.length, classes, columns], { generator }).mul(INITIAL_STD).to({ device })
      );
      const bias = zeros([rates.length, classes, 1], { device });
      return { input, weight: parameter(weight), bias: parameter(bias) };
    });
    this.#rates = keep(tensor(Float32Array.from(rates), { shape: [rates.length, 1, 1], device }));
    const parameters = this.#heads.flatMap(({ weight, bias }) => [weight, bias]);
    this.#sgd = new Sgd(parameters.map((parameter) => ({ parameter, lr: this.#rates })));
  }

  /**
   * One step of every classifier, by the sum of their mean cross-entropies.
   *
   * @param batch Images, as `linearEmbedding` sees them.
   * @param factor What the schedule multiplies all learning rates with.
   */
  step({ features, labels }: LabelledFeatures, factor: number): void {
    scope(() => {
      const own = labelTensor(labels, features.device).reshape([labels.length, 1, 1]);
      const losses = this.#heads.map((head) => {
        const logs = this.#logits(head, features).logSoftmax(2); // [B, J, C]
        return logs.gather(2, own.expand([labels.length, logs.shape[1], 1])).sum();
      });
      stack(losses).sum().div(-labels.length).backward();
      this.#sgd.step(factor);
      this.#sgd.zeroGrad();
    });
  }

  /** How many images each classifier puts into their own class; all learning rates on the first input, then the next. */
  countCorrect({ features, labels }: LabelledFeatures): TopCounts[] {
    const { inputs, rates, classes } = this.#options;
    const total = labels.length;
    const block = Math.max(1, Math.floor(BLOCK_ELEMENTS / (rates.length * classes)));
    return noGradScope(() => {
      const own = labelTensor(labels, features.device);
      const counters = inputs.map(() => new TopCounter(rates.length, classes, features.device));
      for (let start = 0; start < total; start += block) {
        scope(() => {
          const length = Math.min(block, total - start);
          const some = features.narrow(0, start, length);
          const labels = own.narrow(0, start, length);
          this.#heads.forEach((head, i) => counters[i].add(this.#logits(head, some), labels));
        });
      }
      return counters.flatMap((counter) => counter.read());
    });
  }

  /** A copy of a classifier, numbered as {@linkcode LinearGrid.countCorrect} does. */
  classifier(index: number): LinearClassifier {
    const { length } = this.#options.rates;
    const { weight, bias } = this.#heads[Math.floor(index / length)];
    return noGradScope(() => ({
      weight: weight.select(0, index % length).clone(),
      bias: bias.select(0, index % length).squeeze(1).clone(),
    }));
  }

  /** Frees weights and optimiser. */
  [Symbol.dispose](): void {
    this.#sgd[Symbol.dispose]();
    this.#rates.dispose();
    for (const { weight, bias } of this.#heads) [weight, bias].forEach((item) => item.dispose());
  }

  /** `[B, J, C]` */
  #logits({ input, weight, bias }: Head, features: Tensor): Tensor {
    const [rates, classes, columns] = weight.shape;
    const x = inputColumns(features, input, this.#options.width);
    return linear(x, weight.reshape([-1, columns]), bias.reshape([-1]))
      .reshape([features.shape[0], rates, classes]);
  }
}

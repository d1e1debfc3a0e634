import type { Config } from "../config/schema.ts";
import { type Normalization, normalizationOf } from "../data/augment/normalize.ts";
import { evaluateEmbedding } from "../features/evaluate_embedding.ts";
import { evaluateKnn } from "../eval/evaluate_knn.ts";
import { EvaluationSet } from "../features/evaluation_set.ts";
import { backboneEmbedding, type Embedding, pixelEmbedding } from "../features/embedding.ts";
import { counted } from "../files/quoted.ts";
import type { Device } from "../tensor/device.ts";
import type { VisionTransformer } from "../vit/vision_transformer.ts";
import { decodingOf, type LabelledImages } from "./training_data.ts";

/** k-NN accuracy of some features in percent, for the number of neighbours that summaries speak of. */
export interface Evaluation {
  /** Whose features: the pixels themselves, the network before training, or the teacher. */
  readonly features: "raw pixels" | "untrained network" | "pretrained network" | "teacher";
  /** Iterations of training behind them. */
  readonly iterations: number;
  /** Neighbours that voted; fewer than asked for where there are fewer images. */
  readonly k: number;
  /** Share of images whose class got the most votes. */
  readonly top1: number;
  /** Share of images whose class is among the five with the most votes; undefined as in `TopCounts`. */
  readonly top5?: number;
}

/** The number of neighbours that summaries speak of, where it is evaluated. */
const HEADLINE = 20;

/** Evaluates features on the labelled images of a run, whose pixels it keeps from one time to the next. */
export class Evaluator {
  readonly #train: EvaluationSet;
  readonly #val: EvaluationSet;
  readonly #config: Config;
  readonly #normalization: Normalization;
  readonly #device: Device;

  /**
   * @param images The labelled images.
   * @param config The run's settings of size, neighbours and temperature.
   * @param device Where to compute.
   */
  constructor(images: LabelledImages, config: Config, device: Device) {
    const options = {
      ...decodingOf(config.data),
      imageSize: config.evaluation.image_size || config.crops.global_crops_size,
      workers: config.train.num_workers || undefined,
      maxBrokenFraction: config.data.max_broken_fraction,
    };
    this.#train = new EvaluationSet(images.train, options);
    this.#val = new EvaluationSet(images.val, options);
    this.#config = config;
    this.#normalization = normalizationOf(config.data);
    this.#device = device;
  }

  /** The folders of the images. */
  get folders(): { readonly train: string; readonly val: string } {
    return { train: this.#train.folder.root, val: this.#val.folder.root };
  }

  /** Evaluates the pixels themselves, which any network should beat. */
  async pixels(): Promise<Evaluation> {
    const accuracy = await this.#knn(pixelEmbedding(this.#normalization));
    return { features: "raw pixels", iterations: 0, ...accuracy };
  }

  /**
   * Evaluates a network.
   *
   * @param backbone The network; it is put into evaluation mode.
   * @param iterations Iterations of training behind it.
   */
  async network(backbone: VisionTransformer, iterations: number): Promise<Evaluation> {
    backbone.eval();
    const before = this.#config.student.pretrained_weights === ""
      ? "untrained network"
      : "pretrained network";
    const features = iterations === 0 ? before : "teacher";
    const path = `the ${features} after ${counted(iterations, "iteration")}`;
    const namesInFile = new Map(
      Object.keys(backbone.stateDict()).map((name) => [name, [`teacher.backbone.${name}`]]),
    );
    const normalization = this.#normalization;
    const embedding = backboneEmbedding({ model: backbone, normalization, path, namesInFile });
    return { features, iterations, ...await this.#knn(embedding) };
  }

  async #knn(embedding: Embedding): Promise<Pick<Evaluation, "k" | "top1" | "top5">> {
    const { nb_knn: nbKnn, temperature } = this.#config.evaluation;
    return await evaluateEmbedding([this.#train, this.#val], embedding, ([train, val]) => {
      const results = evaluateKnn(train, val, { nbKnn, temperature });
      const headline = Math.min(HEADLINE, train.labels.length);
      const { k, top1, top5 } = results.find((result) => result.k === headline) ?? results[0];
      return { k, top1: top1.percent, ...top5 && { top5: top5.percent } };
    }, { device: this.#device });
  }

  /** Lets go of the images. */
  [Symbol.dispose](): void {
    this.#train[Symbol.dispose]();
    this.#val[Symbol.dispose]();
  }
}

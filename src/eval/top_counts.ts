import { arange, full, ones, zeros } from "../tensor/create.ts";
import type { Device } from "../tensor/device.ts";
import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** How many images were classified correctly. */
export interface TopCounts {
  /** Images whose class came first. */
  readonly top1: number;
  /**
   * Images whose class is among the first five; undefined where there are no more classes than five, of which every one
   * would be, or where fewer than five classes can have a vote.
   */
  readonly top5?: number;
  /** Mean over the classes that have images of the share of them whose class came first, from 0 to 1. */
  readonly meanPerClass: number;
  /** Whether no image had a score of NaN or infinity: otherwise the classifier has diverged. */
  readonly isFinite: boolean;
}

/** How many of the first places count beside the very first. */
const PLACES = 5;

/**
 * Counts correct answers of J classifiers. Of classes with equal scores the one with the lower index comes first; NaN comes
 * last, and is never correct.
 */
export class TopCounter {
  /** Images of each class, `[C]`, int64. */
  readonly #images: Tensor;
  /** Those whose class came first, and those whose class is among the first five, `[C, J]`, int64. */
  readonly #first: Tensor;
  readonly #firstFive: Tensor;
  /** The highest score of each classifier, NaN if there was one, `[J]`. */
  readonly #highest: Tensor;

  /**
   * @param classifiers J.
   * @param classes C.
   * @param device Where scores will be.
   */
  constructor(classifiers: number, classes: number, device: Device) {
    const int64 = { dtype: "int64", device } as const;
    this.#images = zeros([classes], int64);
    this.#first = zeros([classes, classifiers], int64);
    this.#firstFive = zeros([classes, classifiers], int64);
    this.#highest = full([classifiers], -Infinity, { dtype: "float64", device });
  }

  /**
   * Counts some images.
   *
   * @param scores What each classifier gives each class, `[B, J, C]`.
   * @param labels The images' own classes, `[B]`, int64.
   */
  add(scores: Tensor, labels: Tensor): void {
    scope(() => {
      const [length, classifiers, classes] = scores.shape;
      const own = labels.reshape([length, 1, 1]).expand([length, classifiers, 1]);
      const ownScore = scores.gather(2, own);
      const indices = arange(classes, { device: scores.device });
      const tied = scores.eq(ownScore).logicalAnd(indices.gt(own));
      const behind = scores.lt(ownScore).sum(2).add(tied.sum(2)); // [B, J]
      const ranks = behind.neg().add(classes - 1);
      const isNumber = ownScore.eq(ownScore).squeeze(2);
      const within = (places: number) =>
        ranks.lt(places).logicalAnd(isNumber).to({ dtype: "int64" });
      this.#first.indexAdd_(0, labels, within(1));
      this.#firstFive.indexAdd_(0, labels, within(PLACES));
      this.#images.indexAdd_(0, labels, ones([length], { dtype: "int64", device: labels.device }));
      const highest = scores.amax([0, 2]).to({ dtype: "float64" });
      this.#highest.copy_(this.#highest.maximum(highest));
    });
  }

  /** What was counted for each classifier. Waits for the device. */
  read(): TopCounts[] {
    return scope(() => {
      const present = this.#images.gt(0).to({ dtype: "float64" });
      const shares = this.#first.to({ dtype: "float64" })
        .div(this.#images.clamp({ min: 1 }).unsqueeze(1)); // [C, J]
      const means = shares.sum(0).div(present.sum());
      const counted = [this.#first.sum(0), this.#firstFive.sum(0), means, this.#highest];
      const [top1, top5, meanPerClass, highest] = counted
        .map((values) => values.to({ dtype: "float64" }).toList() as number[]);
      return top1.map((count, i) => ({
        top1: count,
        ...this.#images.numel > PLACES && { top5: top5[i] },
        meanPerClass: meanPerClass[i],
        isFinite: highest[i] < Infinity,
      }));
    });
  }
}

import { cosineSchedule } from "../../optim/schedules.ts";
import { keep, scope } from "../../tensor/scope.ts";
import { type TopAccuracy, topAccuracy } from "../accuracy.ts";
import { checkFeatures, type LabelledFeatures } from "../../features/labelled_features.ts";
import type { LinearClassifier } from "../linear_classifier.ts";
import { classifierNames, learningRates, linearInputs, scaleRates } from "./linear_protocol.ts";
import { LinearGrid } from "./linear_grid.ts";

/** What linear classifiers are trained for. */
export interface LinearTask {
  /** Width of the backbone's tokens. */
  readonly width: number;
  /** Blocks of the backbone. */
  readonly depth: number;
  /** Number of classes. */
  readonly classes: number;
  /** Images in a batch, by which learning rates are scaled. */
  readonly batchSize: number;
  /** Training images; small sets have shorter epochs. */
  readonly images: number;
}

/** Options of {@linkcode evaluateLinear}, named as the reference's arguments. */
export interface LinearEvaluationOptions {
  /** Epochs, after each of which the classifiers are evaluated. Default: 10. */
  epochs?: number;
  /**
   * Iterations in an epoch. Default: the reference's 1250; where that would show each image more than once, as many as
   * show it once, but at least 100.
   */
  epochLength?: number;
  /** Learning rates for batches of 256 images. Default: the reference's 13. */
  learningRates?: readonly number[];
  /** Of the initial weights. Default: 0. */
  seed?: number;
  /** Ends the training when it is aborted, with its reason. Default: never. */
  signal?: AbortSignal;
  /** Called with the number of iterations done so far, and of all. Default: ignored. */
  onProgress?: (done: number, total: number) => void;
}

/** How good a classifier is. */
export interface NamedAccuracy extends TopAccuracy {
  /** The reference's name of it: blocks, pooling and learning rate. */
  readonly name: string;
}

/** The outcome of {@linkcode evaluateLinear}. */
export interface LinearResult {
  /** The best classifier at the end; the first among equals. */
  readonly best: NamedAccuracy;
  /** Its weights. The caller disposes of them. */
  readonly classifier: LinearClassifier;
  /** All classifiers at the end that have not diverged. */
  readonly classifiers: readonly NamedAccuracy[];
  /** The names of those that have: their logits are not finite, and they take no part. */
  readonly diverged: readonly string[];
  /** The best classifier after each epoch. */
  readonly history: readonly { readonly iteration: number; readonly best: NamedAccuracy }[];
}

const EPOCHS = 10;
const EPOCH_LENGTH = 1250;
const SHORTEST_EPOCH = 100;

/** Iterations between two turns of the event loop, which batches in memory do not take by themselves. */
const PAUSE = 50;

/**
 * Evaluates features by linear classifiers, as the reference does: one for each of 13 learning rates, on each of four
 * inputs, trained side by side by SGD with momentum 0.9, their learning rates falling to 0 along half a cosine. The best
 * one that has not diverged counts.
 *
 * Source: `dinov2/eval/linear.py`.
 *
 * @param batches Endless training batches of `linearEmbedding`s: those of `EvaluationSet.augmented`, or `cachedBatches`.
 * @param val Labelled validation images by the same embedding, on the device to compute on.
 * @param task The backbone and the images.
 * @param options Length, learning rates and seed.
 * @throws {RangeError} If there are no validation images, too few batches, a number is out of range, or all classifiers diverge.
 */
export async function evaluateLinear(
  batches: AsyncIterable<() => LabelledFeatures> | Iterable<() => LabelledFeatures>,
  val: LabelledFeatures,
  task: LinearTask,
  options: LinearEvaluationOptions = {},
): Promise<LinearResult> {
  const { epochs = EPOCHS, epochLength = epochLengthFor(task), seed = 0, signal, onProgress } =
    options;
  checkFeatures(val);
  const total = epochs * epochLength;
  if (!Number.isInteger(total) || !Number.isInteger(epochLength) || total < 1) {
    throw new RangeError(
      `Cannot train for ${epochs} epochs of ${epochLength} iterations: give whole numbers from 1`,
    );
  }
  const inputs = linearInputs(task.depth);
  const rates = scaleRates(options.learningRates ?? learningRates, task.batchSize);
  const names = classifierNames(inputs, rates);
  const { width, classes } = task;
  const { device } = val.features;
  let iteration = 0;
  using grid = new LinearGrid({ inputs, rates, width, classes, seed, device });
  const evaluate = (): NamedAccuracy[] => {
    const found = grid.countCorrect(val).flatMap(({ isFinite, ...counts }, i) =>
      isFinite ? { name: names[i], ...topAccuracy(counts, val.labels.length) } : []
    );
    if (found.length > 0) return found;
    throw new RangeError(
      `Cannot choose a linear classifier: all ${names.length} had diverged after ${iteration} ` +
        `iterations. Lower the learning rates, ${
          rates.join(", ")
        } for batches of ${task.batchSize}`,
    );
  };
  const factor = cosineSchedule({ base: 1, final: 0, total });
  const history: LinearResult["history"][number][] = [];
  let classifiers: NamedAccuracy[] = [];
  for await (const compute of batches) {
    if (iteration % PAUSE === 0) await new Promise((resolve) => setTimeout(resolve)); // lets a signal arrive
    signal?.throwIfAborted();
    scope(() => grid.step(compute(), factor(iteration)));
    iteration++;
    onProgress?.(iteration, total);
    if (iteration % epochLength !== 0) continue;
    classifiers = evaluate();
    history.push({ iteration, best: bestOf(classifiers) });
    if (iteration === total) break;
  }
  if (iteration < total) {
    throw new RangeError(`Cannot train for ${total} iterations: there are ${iteration} batches`);
  }
  const best = bestOf(classifiers);
  const classifier = keep(grid.classifier(names.indexOf(best.name)));
  const isLeft = new Set(classifiers.map(({ name }) => name));
  const diverged = names.filter((name) => !isLeft.has(name));
  return { best, classifier, classifiers, diverged, history };
}

function epochLengthFor({ images, batchSize }: LinearTask): number {
  return Math.min(EPOCH_LENGTH, Math.max(SHORTEST_EPOCH, Math.ceil(images / batchSize)));
}

function bestOf(classifiers: readonly NamedAccuracy[]): NamedAccuracy {
  return classifiers.reduce((best, one) => one.top1.percent > best.top1.percent ? one : best);
}

import type { ImageFolder } from "../../src/data/folder.ts";
import { scanPairedFolder } from "../../src/data/paired_folder.ts";
import { sharedImages } from "../../src/data/shared_images.ts";
import type { TargetKind } from "../../src/data/target.ts";
import type {
  DenseEvaluation,
  DenseEvaluationOptions,
} from "../../src/eval/dense/dense_evaluation.ts";
import type { FitOptions, Fitted } from "../../src/eval/dense/fit_head.ts";
import { writeHead } from "../../src/eval/head_file.ts";
import type { FrozenBackbone } from "../../src/features/embedding.ts";
import { counted } from "../../src/files/quoted.ts";
import type { Module } from "../../src/nn/module.ts";
import { chooseDevice } from "../../src/tensor/device.ts";
import { checkWritable } from "../cli/output_file.ts";
import { shownPath } from "../cli/paths.ts";
import { printLine } from "../cli/print.ts";
import { withProgress } from "../cli/progress.ts";
import { tellShared, tellSkipped, writeResults } from "../cli/results.ts";
import { stdout } from "../cli/terminal.ts";
import { openBackbone } from "../cli/weights.ts";
import type { DenseArguments } from "./dense_flags.ts";

/** An evaluation of pixels: what it trains, how it scores, and what it says. */
interface DenseTask<Head, Scores> {
  /** What the files beside the images hold. */
  readonly kind: TargetKind;
  /** Trains a head. */
  train(backbone: FrozenBackbone, folder: ImageFolder, options: FitOptions): Promise<Fitted<Head>>;
  /** Scores it. */
  evaluate(
    trained: FrozenBackbone & { readonly head: Head },
    folder: ImageFolder,
    options: DenseEvaluationOptions,
  ): Promise<DenseEvaluation<Scores>>;
  /** The scores for people. */
  lines(scores: Scores): readonly string[];
  /** The scores and settings for programs. */
  results(scores: Scores): Record<string, unknown>;
}

/**
 * Trains a head on a frozen backbone, scores it, and tells the results.
 *
 * @throws {Error} If weights or images cannot be read, training fails, or results cannot be written.
 */
export async function runDense<Head extends Module, Scores>(
  asked: DenseArguments,
  task: DenseTask<Head, Scores>,
): Promise<void> {
  const { output, workers } = asked;
  const onNote = (text: string) => stdout.line(text);
  for (const path of [output, asked.head]) if (path !== undefined) checkWritable(path);
  const device = chooseDevice(asked.device);
  const folder = await scanPairedFolder(asked.train, task.kind, { split: asked.trainSplit });
  const valFolder = await scanPairedFolder(asked.val, task.kind, { split: asked.valSplit });
  const shared = await sharedImages(folder, valFolder);
  const backbone = openBackbone(asked, device);
  using _ = backbone.model;
  const trained = await withProgress(
    "training",
    "steps",
    (onProgress) => task.train(backbone, folder, { ...asked, device, onProgress, onNote }),
  );
  using head = trained.head;
  const { scores, images, brokenFiles } = await withProgress(
    "scoring",
    "images",
    (onProgress) =>
      task.evaluate({ ...backbone, head }, valFolder, { workers, device, onProgress, onNote }),
  );
  const loss = [trained.losses[0], trained.losses.at(-1)!];
  tellShared(shared, valFolder);
  tellSkipped(folder, trained.brokenFiles);
  tellSkipped(valFolder, brokenFiles);
  if (asked.head !== undefined) {
    const tensors = Object.entries(head.stateDict())
      .map(([name, tensor]) => [`decode_head.${name}`, tensor] as const);
    writeHead(asked.head, Object.fromEntries(tensors), task.results(scores));
    stdout.line(`Wrote the head to ${shownPath(asked.head)}`);
  }
  if (output !== undefined) {
    writeResults(output, {
      ...task.results(scores),
      iterations: trained.losses.length,
      loss,
      seed: asked.seed ?? 0,
      weights: backbone.path,
      iteration: backbone.iteration,
      train: {
        folder: folder.root,
        images: trained.images,
        left_out: trained.brokenFiles,
      },
      val: {
        folder: valFolder.root,
        images,
        left_out: brokenFiles,
        shared_with_train: shared.length,
      },
    });
  }
  printLine(
    `${counted(trained.losses.length, "step")}: loss ${
      loss.map((value) => value.toFixed(3)).join(" to ")
    }`,
  );
  const some = trained.images < folder.paths.length ? ` of ${folder.paths.length}` : "";
  printLine(`${trained.images}${some} images for training, ${images} for validation`);
  task.lines(scores).forEach(printLine);
}

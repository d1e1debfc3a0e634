import type { Config } from "../config/schema.ts";
import type { BrokenFile } from "../data/broken_files.ts";
import type { ImageFolder } from "../data/folder.ts";
import type { Device } from "../tensor/device.ts";
import { totalIterations } from "../optim/schedules.ts";
import type { Condition } from "./condition.ts";
import { chooseDevice } from "../tensor/choose_device.ts";
import { loadFrozenTeacher } from "./frozen_teacher.ts";
import { describeEnvironment } from "./environment.ts";
import { type Evaluation, Evaluator } from "./evaluation.ts";
import type { TrainEvent } from "./events.ts";
import { openInitialWeights } from "./initial_weights.ts";
import { Learner } from "./learner.ts";
import { Metrics } from "./metrics.ts";
import { PendingLosses } from "./pending_losses.ts";
import { RunFolder } from "./run_folder.ts";
import { openTrainingData } from "./training_data.ts";
import { withStatistics } from "./with_statistics.ts";

/** A run between two steps: what it works with, and all that changes in it. */
export interface Run extends Disposable {
  /** Its settings. */
  readonly config: Config;
  /** Where it computes. */
  readonly device: Device;
  /** Where it is kept. */
  readonly folder: RunFolder;
  /** What it trains on. */
  readonly images: ImageFolder;
  /** What learns: networks, optimiser, centres. */
  readonly learner: Learner;
  /** What evaluates features, where there are labels. */
  readonly evaluator?: Evaluator;
  /** Iterations in the run. */
  readonly total: number;
  /** Losses that have not been read. */
  readonly pending: PendingLosses;
  /** Takes what happens. */
  readonly onEvent: (event: TrainEvent) => void;
  /** Iterations done. */
  done: number;
  /** The place in the order of images behind them. */
  position: number;
  /** Smoothed values. */
  metrics: Metrics;
  /** How it fared when it was judged last. */
  condition: Condition;
  /** Evaluations so far. */
  evaluations: Evaluation[];
  /** Files that were passed over. */
  brokenFiles: readonly BrokenFile[];
}

/** Options of {@linkcode openRun}. */
export interface RunOptions {
  /** Whether to go on with the run in the folder instead of beginning one. */
  readonly resume: boolean;
  /** Takes what happens. */
  readonly onEvent: (event: TrainEvent) => void;
}

/**
 * Gathers what a run works with; nothing has been trained yet, and nothing restored.
 *
 * @throws {Error} If the device is not there, images or weights cannot be read, or the folder does not suit.
 */
export async function openRun(asked: Config, { resume, onEvent }: RunOptions): Promise<Run> {
  const device = chooseDevice(asked.train.device);
  const path = asked.train.output_dir;
  if (path === "") {
    throw new RangeError(
      "Cannot begin a run without a folder: set train.output_dir, such as runs/a",
    );
  }
  if (resume) RunFolder.reopen(path);
  const onNote = (text: string) => onEvent({ kind: "note", text });
  const { images, labelled } = await openTrainingData(asked, { onNote });
  const config = await withStatistics(asked, images, onNote);
  if (!resume && config.student.pretrained_weights !== "") {
    openInitialWeights(config)[Symbol.dispose](); // what cannot be used shall leave no folder behind
  }
  const teacher = config.teacher.pretrained_weights === ""
    ? undefined
    : loadFrozenTeacher(config, device);
  const folder = resume ? RunFolder.reopen(path) : RunFolder.create(path, config);
  folder.writeEnvironment(describeEnvironment(device));
  const learner = new Learner(config, { device, teacher });
  const evaluator = labelled && new Evaluator(labelled, config, device);
  const pending = new PendingLosses();
  return {
    config,
    device,
    folder,
    images,
    learner,
    evaluator,
    total: totalIterations(config),
    pending,
    onEvent,
    done: 0,
    position: 0,
    metrics: new Metrics(),
    condition: "healthy",
    evaluations: [],
    brokenFiles: [],
    [Symbol.dispose](): void {
      learner.dispose();
      pending.dispose();
      evaluator?.[Symbol.dispose]();
    },
  };
}

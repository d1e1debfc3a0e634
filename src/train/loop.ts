import { effectiveBatch } from "../config/effective_batch.ts";
import type { Config } from "../config/schema.ts";
import type { ImageFolder } from "../data/folder.ts";
import { totalIterations } from "../optim/schedules.ts";
import { recordFunction } from "../tensor/profiler.ts";
import { restoreRun, saveRun } from "./checkpointing.ts";
import { diagnose } from "./diagnostics.ts";
import { peakMemory } from "./device_memory.ts";
import { evaluateStart, evaluateTeacher } from "./evaluate_run.ts";
import type { Evaluation } from "./evaluation.ts";
import type { TrainEvent } from "./events.ts";
import type { ImageStream } from "./image_stream.ts";
import { makeBatch } from "./make_batch.ts";
import { openRun, type Run } from "./run.ts";
import { checkProfile } from "./step_profile.ts";
import { StepDebugging } from "./step_debugging.ts";
import { StallWatch } from "./stall_watch.ts";
import { trainStep } from "./step.ts";
import { openTrainingCrops } from "./training_crops.ts";
import { loadInitialWeights } from "./initial_weights.ts";
import { checkHealth, type RunHealth } from "./run_health.ts";

/** Iterations between two readings of the losses, as in the reference, and between two diagnoses. */
const LOG_PERIOD = 10;

/** Options of {@linkcode train}. */
export interface TrainOptions {
  /** Resumes the run in `train.output_dir` from its last checkpoint. Default: false. */
  resume?: boolean;
  /** Your own images. Default: those that the configuration names. */
  images?: ImageStream;
  /** What {@linkcode openTrainingImages} found for this configuration, if it was asked. Default: sources are listed. */
  listed?: ImageFolder;
  /** Number of steps to record, after the first three, into `trace.json` in the run folder. Default: none. */
  profile?: number;
  /** Ends the run in the step in which a value is not finite, and names where it came from, at some cost. Default: false. */
  detectAnomaly?: boolean;
  /** Stops the run after the current step; it is saved and can be resumed. Default: never. */
  signal?: AbortSignal;
  /** Asked after each step: whether to save now and continue. Default: never. */
  isSaveRequested?: () => boolean;
  /** Called on each event. Default: ignored. */
  onEvent?: (event: TrainEvent) => void;
}

/** How a run ended. */
export interface TrainResult {
  /** The run folder. */
  readonly folder: string;
  /** Iterations done. */
  readonly done: number;
  /** Those of them that were done before it was resumed; 0 if it was not. */
  readonly doneBefore: number;
  /** Iterations in the run; fewer are done if it was stopped. */
  readonly total: number;
  /** Its health at the end. */
  readonly health: RunHealth;
  /** Every evaluation, in order. */
  readonly evaluations: readonly Evaluation[];
  /** The folders they were made on, where there are labels. */
  readonly evaluatedOn?: { readonly train: string; readonly val: string };
}

/**
 * Trains by self-distillation: images become crops, crops become steps; metrics, checkpoints and evaluations go into the
 * run folder.
 *
 * @param asked The run; see `resolveConfig`.
 * @param options Resuming, stopping and watching.
 * @throws {Error} If data cannot be read, a loss is not finite, or the run folder cannot be written; what was saved before
 * is whole.
 */
export async function train(asked: Config, options: TrainOptions = {}): Promise<TrainResult> {
  const { resume = false, isSaveRequested = () => false, onEvent = () => {} } = options;
  const { profile } = options;
  if (profile !== undefined) checkProfile(profile, totalIterations(asked)); // or it would leave a folder behind
  using run = await openRun(asked, { ...options, resume, onEvent, stream: options.images });
  if (resume) restoreRun(run);
  const { config, total, device, images } = run;
  if (run.done === 0 && config.student.pretrained_weights !== "") {
    onEvent({ kind: "note", text: loadInitialWeights(run.learner) });
  }
  const folder = run.folder.path;
  onEvent({
    kind: "start",
    config,
    device,
    folder,
    images: images.paths.length,
    done: run.done,
    total,
  });
  const doneBefore = run.done;
  if (doneBefore === 0) await evaluateStart(run);
  if (run.done < total) await loop(run, { ...options, isSaveRequested });
  const { done, evaluations, evaluator, metrics } = run;
  const health = checkHealth(config, metrics.line(done - 1));
  return { folder, done, doneBefore, total, health, evaluations, evaluatedOn: evaluator?.folders };
}

async function loop(
  run: Run,
  options: Required<Pick<TrainOptions, "isSaveRequested">> & TrainOptions,
): Promise<void> {
  const { config, learner, device, total } = run;
  const { signal, isSaveRequested } = options;
  const checkpointPeriod = config.checkpointing.period || 3 * config.train.OFFICIAL_EPOCH_LENGTH;
  const checkpointTime = 60_000 * config.checkpointing.period_minutes || Infinity;
  const evaluationPeriod = config.evaluation.eval_period_iterations || Infinity;
  using crops = openTrainingCrops(run);
  using watch = new StallWatch(run);
  using debugging = new StepDebugging(run, options);
  watch.moved(run.done, () => `waiting for ${crops.awaited ?? "images"}`);
  let began = performance.now(), saved = began;
  for await (const batch of crops.batches()) {
    const { iteration } = batch;
    watch.moved(iteration, () => "computing");
    const isLogged = iteration % LOG_PERIOD === 0;
    let waited = 0;
    const step = debugging.run(iteration, (onGradients) => {
      const learned = recordFunction(
        "batch",
        () => makeBatch(batch, config, { iteration, device }),
      );
      waited = performance.now() - began; // for crops, and until they and the masks are where the step wants them
      const { outputs, ...step } = trainStep(learner, learned, iteration, onGradients);
      return { ...step, diagnostics: isLogged ? diagnose(outputs) : {} };
    });
    run.pending.add(iteration, step, {
      iter_time: (performance.now() - began) / 1000,
      data_time: waited / 1000,
      current_batch_size: batch.images,
      ...step.schedule,
    });
    run.done = iteration + 1;
    run.position = batch.position;
    run.skipped = crops.brokenFiles;

    const isLast = run.done === total;
    if (isLogged || isLast) logRun(run);
    if (run.done % evaluationPeriod === 0 || isLast) await evaluateTeacher(run);
    const isStopped = signal?.aborted ?? false;
    const isDue = run.done % checkpointPeriod === 0 || performance.now() - saved > checkpointTime;
    if (isDue || isSaveRequested() || isLast || isStopped) {
      saveRun(run);
      saved = performance.now();
    }
    if (isLast || isStopped) return;
    await new Promise((resolve) => setTimeout(resolve)); // images may all be in memory: without a turn of the event loop no signal would arrive
    watch.moved(run.done, () => `waiting for ${crops.awaited ?? "images"}`);
    began = performance.now();
  }
}

/** Reads the losses, writes a line of metrics and reports progress and, when it changes, health. */
function logRun(run: Run): void {
  const { config, device, folder, metrics, done, total } = run;
  run.pending.read(metrics);
  const line = metrics.line(done - 1);
  folder.appendMetrics(line);
  const imagesPerSecond = effectiveBatch(config) / line.iter_time;
  const progress = { done, total, metrics: line, imagesPerSecond, peakMemory: peakMemory(device) };
  run.onEvent({ kind: "progress", progress });
  const health = checkHealth(config, line);
  if (health.condition === run.condition) return;
  run.condition = health.condition;
  run.onEvent({ kind: "health", health, iteration: done - 1 });
}

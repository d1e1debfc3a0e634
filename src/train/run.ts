import type { Config } from "../config/schema.ts";
import type { BrokenFile } from "../data/broken_files.ts";
import type { ImageFolder } from "../data/folder.ts";
import { identityOf } from "../data/identity.ts";
import { describeShared, sharedImages } from "../data/shared_images.ts";
import { Lease } from "../files/lease.ts";
import { removeIfThere } from "../files/atomic_file.ts";
import { existsSync } from "node:fs";
import { join } from "@std/path";
import { chooseDevice, type Device } from "../tensor/device.ts";
import { totalIterations } from "../optim/schedules.ts";
import type { Condition } from "./condition.ts";
import { requireRoom, roomWarning } from "./disk_room.ts";
import { differingSettings } from "./changeable.ts";
import { checkMemory } from "./check_memory.ts";
import { availableMemory } from "./device_memory.ts";
import { loadFrozenTeacher, openFrozenTeacher } from "./frozen_teacher.ts";
import { cropsNote, describeEnvironment } from "./environment.ts";
import { type Evaluation, Evaluator } from "./evaluation.ts";
import type { TrainEvent } from "./events.ts";
import { evaluationNote, openInitialWeights } from "./initial_weights.ts";
import type { ImageStream } from "./image_stream.ts";
import { Learner } from "./learner.ts";
import { Metrics } from "./metrics.ts";
import { PendingLosses } from "./pending_losses.ts";
import { readRunConfig } from "./run_config.ts";
import { OWNER, requireNoRun, RunFolder } from "./run_folder.ts";
import { withPretrainedNormalization, withStatistics } from "./run_normalization.ts";
import type { RunData } from "./run_state.ts";
import {
  type LabelledImages,
  openTrainingData,
  sizesOf,
  type TrainingData,
} from "./training_data.ts";

/** A run between two steps: what it works with, and all that changes in it. */
export interface Run extends Disposable {
  /** Its settings. */
  readonly config: Config;
  /** Where it computes. */
  readonly device: Device;
  /** Its own name, which its checkpoints bear; runs of older versions have none. */
  readonly id?: string;
  /** Where it is kept. */
  readonly folder: RunFolder;
  /** The right to work there. */
  readonly lease: Lease;
  /** What it trains on. */
  readonly images: ImageFolder;
  /** Where images of one's own come from; undefined where they are the folder's. */
  readonly stream?: ImageStream;
  /** What these images, and the labelled ones, are known by. */
  readonly data: RunData;
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
  /** Its condition at the last check. */
  condition: Condition;
  /** Evaluations so far. */
  evaluations: Evaluation[];
  /** Files that were skipped. */
  skipped: readonly BrokenFile[];
}

/** Options of {@linkcode openRun}. */
interface RunOptions {
  /** Whether to resume the run in the folder instead of starting one. */
  readonly resume: boolean;
  /** Called on each event. */
  readonly onEvent: (event: TrainEvent) => void;
  /** Your own images. Default: those that the configuration names. */
  readonly stream?: ImageStream;
  /** Those that the configuration names, if they are listed already. */
  readonly listed?: ImageFolder;
  /** Ends the waiting for a folder that another machine works in. Default: never. */
  readonly signal?: AbortSignal;
}

/**
 * Gathers what a run works with; nothing has been trained yet, and nothing restored.
 *
 * @throws {Error} If the device is not there, images or weights cannot be read, or the folder does not suit.
 */
export async function openRun(asked: Config, options: RunOptions): Promise<Run> {
  const { resume, onEvent, signal, stream, listed } = options;
  const device = chooseDevice(asked.train.device);
  const path = asked.train.output_dir;
  requireFolder(path, resume);
  const onNote = (text: string) => onEvent({ kind: "note", text });
  const found = await openTrainingData(asked, {
    onNote,
    onProgress: (names) => onEvent({ kind: "listing", names }),
    signal,
    listed,
    isStreamed: stream !== undefined,
  });
  const { images, labelled } = found;
  const config = await prepare(asked, found, { device, resume, onNote });
  using made = new DisposableStack(); // what a start that fails takes back
  if (!existsSync(path)) made.defer(() => removeIfThere(path));
  using parts = new DisposableStack();
  const lease = parts.use(await Lease.take(join(path, OWNER), { onWait: onNote, signal }));
  const { folder, id } = resume ? await reopenFolder(config) : createFolder(config);
  using written = new DisposableStack(); // what it takes back before others may have the folder
  if (!resume) written.defer(() => folder.discard());
  if (resume && config.data.channels === 3) {
    const note = cropsNote(folder.environment());
    if (note !== undefined) onNote(note);
  }
  folder.writeEnvironment(describeEnvironment(device));
  const teacher = config.teacher.pretrained_weights === ""
    ? undefined
    : loadFrozenTeacher(config, device);
  const learner = parts.use(new Learner(config, { device, teacher }));
  const { max_to_keep: maxToKeep } = config.checkpointing;
  requireRoom(path, learner.tensors());
  const warning = roomWarning(path, learner.tensors(), maxToKeep);
  if (warning !== undefined) onNote(warning);
  const pending = parts.use(new PendingLosses());
  const evaluator = labelled && parts.use(new Evaluator(labelled, config, device));
  const owned = parts.move();
  for (const undo of [made, written]) undo.move();
  return {
    config,
    device,
    id,
    folder,
    lease,
    images,
    stream,
    data: identitiesOf(found),
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
    skipped: [],
    [Symbol.dispose]: () => owned.dispose(),
  };
}

/** @throws {Error} If a run cannot be started or resumed in a folder. */
function requireFolder(path: string, resume: boolean): void {
  if (path === "") {
    throw new RangeError(
      "Cannot start a run without a folder: set train.output_dir, such as runs/a",
    );
  }
  if (resume) RunFolder.reopen(path);
  else requireNoRun(path);
}

/** What a run is prepared with. */
interface Preparation extends Pick<RunOptions, "resume"> {
  readonly device: Device;
  readonly onNote: (text: string) => void;
}

/**
 * The configuration with what images and weights decide in it. Whatever a new run would fail at is refused here, where it
 * leaves no folder behind.
 *
 * @throws {Error} If the run cannot be trained with these images and weights, or in the memory of the device.
 */
async function prepare(
  asked: Config,
  found: TrainingData,
  { device, resume, onNote }: Preparation,
): Promise<Config> {
  const { images, labelled } = found;
  const sizes = await sizesOf(found, asked);
  const memory = availableMemory(device);
  const total = resume ? Infinity : memory.total; // a run that is resumed has shown what it needs
  const warning = checkMemory(asked, device, { ...memory, total }, sizes);
  if (warning !== undefined) onNote(warning);
  if (resume) return await withStatistics(asked, images, onNote);
  if (labelled !== undefined) await tellShared(labelled, onNote);
  const normalized = withPretrainedNormalization(asked, onNote);
  const config = await withStatistics(normalized, images, onNote);
  if (config.student.pretrained_weights !== "") {
    using file = openInitialWeights(config);
    const note = labelled && evaluationNote(file, config);
    if (note !== undefined) onNote(note);
  }
  if (config.teacher.pretrained_weights !== "") openFrozenTeacher(config)[Symbol.dispose]();
  return config;
}

/** A run's folder and the run's name. */
type NamedFolder = Pick<Run, "folder" | "id">;

function createFolder(config: Config): NamedFolder {
  const id = crypto.randomUUID();
  return { folder: RunFolder.create(config.train.output_dir, config, id), id };
}

/** Opens the folder of a run that is resumed; `config.yaml` tells from now on where its images lie. */
async function reopenFolder(asked: Config): Promise<NamedFolder> {
  const { train, evaluation, data: { sources } } = asked;
  const folder = RunFolder.reopen(train.output_dir);
  const { config, id } = await readRunConfig(folder.path);
  if (differingSettings(asked, config).length > 0) return { folder, id }; // restoring refuses it
  const { dataset_path } = train, { train_dataset_path, val_dataset_path } = evaluation;
  folder.writeConfig({
    ...config,
    train: { ...config.train, dataset_path },
    data: { ...config.data, sources },
    evaluation: { ...config.evaluation, train_dataset_path, val_dataset_path },
  }, id);
  return { folder, id };
}

/** Tells, once in a run, which images its evaluations both know and are asked about. */
async function tellShared(
  { train, val }: LabelledImages,
  onNote: (text: string) => void,
): Promise<void> {
  const line = describeShared(await sharedImages(train, val), val);
  if (line !== undefined) onNote(`In the evaluations during training, ${line}`);
}

function identitiesOf({ images, labelled }: TrainingData): RunData {
  const train = identityOf(images);
  const known = labelled?.train === images ? train : labelled && identityOf(labelled.train);
  return { train, known, val: labelled && identityOf(labelled.val) };
}

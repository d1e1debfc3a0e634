import { noGradScope } from "../autograd/mode.ts";
import { restoreCheckpoint, saveCheckpoint } from "../checkpoint/checkpoint.ts";
import { listCheckpoints } from "../checkpoint/retain.ts";
import { SafetensorsFile } from "../checkpoint/safetensors.ts";
import { saveTeacher } from "../checkpoint/teacher.ts";
import { stack } from "../tensor/create.ts";
import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { differenceOf } from "../data/identity.ts";
import { differingSettings } from "./changeable.ts";
import { requireRoom } from "./disk_room.ts";
import { DEINO_VERSION } from "./environment.ts";
import { Metrics } from "./metrics.ts";
import type { Run } from "./run.ts";
import { FORMAT_VERSION, readRunState, type RunState } from "./run_state.ts";

/**
 * Saves everything that a run needs to resume exactly where it is.
 *
 * @throws {Error} If it could not be written, the run folder is no longer this run's, or the weights are not finite;
 * earlier checkpoints are as they were.
 */
export function saveRun(run: Run): void {
  const { folder, learner, metrics, onEvent } = run;
  run.lease.confirm();
  run.pending.read(metrics);
  const tensors = learner.tensors();
  requireFinite(tensors, run.done);
  requireRoom(folder.path, tensors);
  folder.writeSkipped(run.skipped);
  const state = {
    ...origin(run),
    position: run.position,
    metrics: metrics.recent(),
    metrics_sha256: folder.syncMetrics(),
    evaluations: run.evaluations,
    skipped: run.skipped,
    data: run.data,
  };
  const iteration = run.done - 1;
  const maxToKeep = run.config.checkpointing.max_to_keep;
  const path = saveCheckpoint(folder.path, { iteration, tensors, state }, { maxToKeep });
  onEvent({ kind: "checkpoint", iteration, path });
}

/**
 * Takes up a run at its newest usable checkpoint, or leaves it at its start where there is none. Checkpoints that are damaged
 * or cannot be used for another reason are named and skipped.
 *
 * @throws {Error} If there are checkpoints, and none can be used.
 */
export function restoreRun(run: Run): void {
  const { folder, onEvent } = run;
  const checkpoints = listCheckpoints(folder.path).reverse();
  const note = (text: string) => onEvent({ kind: "note", text });
  const faults: string[] = [];
  for (const { path, iteration } of checkpoints) {
    let state: RunState;
    try {
      state = restoreFrom(run, path, iteration);
    } catch (error) {
      faults.push((error as Error).message);
      note(`Skipped a checkpoint. ${faults.at(-1)}`);
      continue;
    }
    requireSameData(run, state.data);
    return restoreFiles(run, state);
  }
  if (faults.length > 0) {
    throw new Error(
      `Cannot resume the run in ${folder.path}: none of its checkpoints can be used. ${faults[0]}`,
    );
  }
  note(`No checkpoint in ${folder.path} yet: starting from scratch`);
  folder.rewindMetrics(-1);
}

function restoreFrom(run: Run, path: string, iteration: number): RunState {
  const state = readState(path);
  const refuse = (reason: string) => new Error(`Cannot resume from "${path}": ${reason}`);
  if (state.iteration !== iteration) throw refuse(`it holds iteration ${state.iteration}`);
  if (state.run_id !== undefined && state.run_id !== run.id) {
    throw refuse("it belongs to another run");
  }
  const [first] = differingSettings(run.config, state.config);
  if (first !== undefined) {
    throw refuse(`its run has ${first.path}=${first.saved}, not ${first.found}`);
  }
  restoreCheckpoint(path, run.learner.tensors());
  run.done = iteration + 1;
  run.position = state.position;
  run.metrics = new Metrics(state.metrics);
  run.evaluations = state.evaluations;
  run.skipped = state.skipped;
  return state;
}

/** @throws {Error} If the images are others than those that the run was trained or evaluated on. */
function requireSameData({ folder, data, images, evaluator }: Run, saved?: RunState["data"]): void {
  const { train, val } = evaluator?.folders ?? {};
  const roots = { train: images.root, known: train, val };
  for (const part of ["train", "known", "val"] as const) {
    const found = data[part], known = saved?.[part];
    const difference = found && known && differenceOf(found, known);
    if (difference === undefined) continue;
    throw new Error(
      `Cannot resume the run in ${folder.path}: the images in ${
        roots[part]
      } ${difference}. Restore ` +
        "them, pass their new location with --data, or start a new run with another --output-dir",
    );
  }
}

/** Puts the files beside the checkpoint into the state that it remembers. */
function restoreFiles({ folder, done, skipped, onEvent }: Run, state: RunState): void {
  folder.writeSkipped(skipped);
  const digest = folder.rewindMetrics(done - 1);
  if (state.metrics_sha256 === undefined || state.metrics_sha256 === digest) return;
  const text =
    "training_metrics.json does not match the checkpoint: some of its lines were lost or " +
    "changed. The weights are not affected";
  onEvent({ kind: "note", text });
}

/**
 * What a checkpoint says beside its tensors.
 *
 * @throws {Error} If it cannot be read, or no run can be resumed from it.
 */
export function readState(path: string): RunState & { readonly iteration: number } {
  using file = new SafetensorsFile(path);
  const { state } = file;
  try {
    return { ...readRunState(state), iteration: state.iteration as number };
  } catch (cause) {
    throw new Error(`Cannot resume from "${path}": ${(cause as Error).message}`, { cause });
  }
}

/**
 * Saves the EMA teacher alone, as the reference does at every evaluation.
 *
 * @throws {Error} If it could not be written, the run folder is no longer this run's, or the weights are not finite.
 */
export function saveRunTeacher(run: Run): void {
  const { folder, learner, done } = run;
  run.lease.confirm();
  const tensors = learner.emaTeacher.stateDict();
  requireFinite(tensors, done);
  saveTeacher(folder.path, { iteration: done - 1, tensors, state: origin(run) });
}

/** What every file of a run's weights says of where it comes from. */
function origin({ config, id }: Run): Record<string, unknown> {
  return { format_version: FORMAT_VERSION, deino: DEINO_VERSION, run_id: id, config };
}

/** @throws {Error} If a tensor holds a value that is not finite: such a state would be no good checkpoint. */
function requireFinite(tensors: Readonly<Record<string, Tensor>>, done: number): void {
  const names = Object.keys(tensors);
  const flags = noGradScope(() =>
    stack(names.map((name) => scope(() => tensors[name].isfinite().all()))).toArray()
  );
  const broken = names.filter((_, i) => !flags[i]);
  if (broken.length === 0) return;
  throw new Error(
    `Cannot continue: ${broken.length} tensors of the run, starting with ${
      broken[0]
    }, are not finite after ${done} iterations; ` +
      "the run has diverged. Start again with a lower optim.base_lr or a longer optim.warmup_epochs",
  );
}

import { restoreCheckpoint, saveCheckpoint } from "../checkpoint/checkpoint.ts";
import { lastCheckpoint } from "../checkpoint/retain.ts";
import { saveTeacher } from "../checkpoint/teacher.ts";
import { noGrad } from "../autograd/mode.ts";
import { stack } from "../tensor/create.ts";
import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Evaluation } from "./evaluation.ts";
import { Metrics } from "./metrics.ts";
import type { Run } from "./run.ts";

/** What a checkpoint holds beside tensors. Random numbers need no state: they are functions of seed and iteration. */
interface RunState {
  readonly position: number;
  readonly metrics: Record<string, readonly number[]>;
  readonly evaluations: Evaluation[];
}

/**
 * Saves everything that a run needs to go on exactly where it is.
 *
 * @throws {Error} If it could not be written, or the weights are not finite; earlier checkpoints are as they were.
 */
export function saveRun(run: Run): void {
  const { config, folder, learner, position, metrics, evaluations } = run;
  run.pending.read(metrics);
  const tensors = learner.tensors();
  requireFinite(tensors, run.done);
  const state: RunState = { position, metrics: metrics.recent(), evaluations };
  const iteration = run.done - 1;
  const path = saveCheckpoint(
    folder.path,
    { iteration, tensors, state: { ...state, config } },
    { maxToKeep: config.checkpointing.max_to_keep },
  );
  folder.writeSkipped(run.brokenFiles);
  run.onEvent({ kind: "checkpoint", iteration, path });
}

/**
 * Takes up a run at its last checkpoint, or leaves it at its beginning where there is none.
 *
 * @throws {Error} If the checkpoint cannot be read or is of another run.
 */
export function restoreRun(run: Run): void {
  const { folder, onEvent } = run;
  const last = lastCheckpoint(folder.path);
  for (const text of last?.damaged ?? []) onEvent({ kind: "note", text });
  if (last === null) {
    onEvent({ kind: "note", text: `No checkpoint in ${folder.path} yet: the run begins anew` });
    return folder.rewindMetrics(-1);
  }
  const { iteration, state } = restoreCheckpoint(last.path, run.learner.tensors());
  const { position, metrics, evaluations } = state as unknown as RunState;
  run.done = iteration + 1;
  run.position = position;
  run.metrics = new Metrics(metrics);
  run.evaluations = evaluations;
  folder.rewindMetrics(iteration);
}

/** Saves the EMA teacher alone, as the reference does at every evaluation. */
export function saveRunTeacher(run: Run): void {
  const { config, folder, learner, done } = run;
  const tensors = learner.emaTeacher.stateDict();
  saveTeacher(folder.path, { iteration: done - 1, tensors, state: { config } });
}

/** @throws {Error} If a tensor holds a value that is not finite: such a state would be no good checkpoint. */
function requireFinite(tensors: Readonly<Record<string, Tensor>>, done: number): void {
  const names = Object.keys(tensors);
  const flags = noGrad(() =>
    scope(() => stack(names.map((name) => scope(() => tensors[name].isfinite().all()))).toArray())
  );
  const broken = names.filter((_, i) => !flags[i]);
  if (broken.length === 0) return;
  throw new Error(
    `Cannot go on: ${broken.length} tensors of the run, ${
      broken[0]
    } first, are not finite after ${done} iterations; ` +
      "the run has diverged. Train anew with a lower optim.base_lr or a longer optim.warmup_epochs",
  );
}

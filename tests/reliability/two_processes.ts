/**
 * Two processes that are started on one run folder at once.
 *
 * @module
 */
import { runTrain, tiny } from "../tasks/train_process.ts";

/**
 * Starts two processes on one folder.
 *
 * @returns What is wrong with how they ended: one must have trained, the other must have been refused in a sentence that names
 * the first. Undefined if nothing is.
 */
export async function startTwo(run: string, data: string): Promise<string | undefined> {
  const args = [...tiny, `--data=${data}`, `--output-dir=${run}`];
  const ended = await Promise.all([runTrain(args), runTrain(args)]);
  const [trained, refused] = ended.toSorted((a, b) => a.status - b.status);
  if (trained.status !== 0 || refused.status !== 1) {
    return `they ended with ${trained.status} and ${refused.status}: ${refused.stderr}`;
  }
  const isNamed = /^Cannot use .*: process \d+ on this machine is using it/.test(
    refused.stderr,
  );
  return isNamed ? undefined : `the one that was refused said: ${refused.stderr}`;
}

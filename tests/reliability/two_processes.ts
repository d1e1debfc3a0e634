/**
 * Two processes that are started on one run folder at once.
 *
 * @module
 */
import { shellWords } from "../shell_words.ts";
import { runTrain, tiny } from "../tasks/train/train_process.ts";

/**
 * Starts two processes on one folder.
 *
 * @returns What is wrong with how they ended: one must have trained, the other must have been refused in a sentence that names
 * the first. Undefined if nothing is.
 */
export async function startTwo(run: string, data: string): Promise<string | undefined> {
  const args = [...tiny, `--data=${data}`, `--output-dir=${run}`];
  const over = `${run}.over`;
  // One that starts late must still find the other at work: that one waits in its eleventh step.
  const at = {
    text: "11/60",
    command: `i=0; until [ -e ${
      shellWords(over)
    } ] || [ $i = 2000 ]; do sleep 0.05; i=$((i + 1)); done`,
  };
  const ended = await Promise.all([1, 2].map(async () => {
    const end = await runTrain(args, { at });
    await Deno.writeTextFile(over, "");
    return end;
  }));
  const [trained, refused] = ended.toSorted((a, b) => a.status - b.status);
  if (trained.status !== 0 || refused.status !== 1) {
    return `they ended with ${trained.status} and ${refused.status}: ${refused.stderr}`;
  }
  const isNamed = /^Cannot use .*: process \d+ on this machine is using it/.test(
    refused.stderr,
  );
  return isNamed ? undefined : `the one that was refused said: ${refused.stderr}`;
}

/**
 * `deno task test:reliability [FILE [RUNS]]`: damages every file of a run folder in ten ways, starts two processes on one
 * folder twenty times and kills thirteen runs of each kind of source, or so many; writes a summary.
 *
 * @module
 */
import { join } from "@std/path";
import { makeBuiltinDataset } from "../src/data/builtin/builtin.ts";
import { train } from "../src/train/loop.ts";
import { DAMAGE, FILES, resumeDamaged } from "./reliability/damaged_folders.ts";
import { trainKilled, trainUnbroken } from "./reliability/killed_runs.ts";
import { writeSources } from "./reliability/sources.ts";
import { startTwo } from "./reliability/two_processes.ts";
import { inTempFolder } from "./temp_folder.ts";
import { interrupt, movedTo, tensorsOf, withSmallRun } from "./train/small_run.ts";

const TRIES = 20;
const [file, count = "13"] = Deno.args;
const runs = Number(count);

const faults: string[] = [];
const summary: string[] = [];

function tell(line: string): void {
  console.log(line);
  summary.push(line);
}

await withSmallRun({}, async ({ config }) => {
  await interrupt(config);
  const unbroken = movedTo(config, `${config.train.output_dir}-unbroken`);
  await train(unbroken);
  const expected = tensorsOf(unbroken.train.output_dir);
  tell(
    "| damaged file | resumed exactly | refused in a sentence | wrong |\n| --- | --- | --- | --- |",
  );
  for (const file of Object.keys(FILES)) {
    const counts = { exact: 0, refused: 0, wrong: 0 };
    for (const damage of Object.keys(DAMAGE)) {
      const { output_dir } = config.train;
      const outcome = await resumeDamaged(output_dir, expected, { file, damage, seed: 0 });
      counts[!outcome.isRight ? "wrong" : outcome.isExact ? "exact" : "refused"]++;
      if (!outcome.isRight) faults.push(`${file}, ${damage}: ${outcome.message}`);
    }
    tell(`| \`${file}\` | ${counts.exact} | ${counts.refused} | ${counts.wrong} |`);
  }
});

await inTempFolder(async (folder) => {
  const data = join(folder, "data");
  await makeBuiltinDataset(data, { trainPerClass: 3, valPerClass: 1, size: 40 });
  let right = 0;
  for (let i = 0; i < TRIES; i++) {
    const fault = await startTwo(join(folder, `run-${i}`), join(data, "train"));
    if (fault === undefined) right++;
    else faults.push(`two processes, try ${i}: ${fault}`);
  }
  tell(
    `\nTwo processes on one folder: ${right} of ${TRIES} times one trained and one was refused by name.`,
  );
});

await inTempFolder(async (folder) => {
  tell(
    "\nRuns killed in the middle and then at random moments, beside a run that was not killed: the weights, the metrics " +
      "and the list of skipped files.\n\n| images from | runs | kills | equal to the last bit |\n| --- | --- | --- | --- |",
  );
  for (const [name, source] of Object.entries(await writeSources(join(folder, "data")))) {
    const unbroken = await trainUnbroken(folder, source);
    let kills = 0, equal = 0;
    for (let seed = 0; seed < runs; seed++) {
      const outcome = await trainKilled(folder, unbroken, seed);
      kills += outcome.kills;
      if (outcome.differences.length === 0) equal++;
      else faults.push(`${name}, killed run ${seed}: ${outcome.differences.join(", ")} differ`);
    }
    tell(`| ${name} | ${runs} | ${kills} | ${equal} |`);
  }
});

for (const fault of faults) tell(`\n- ${fault}`);
if (file !== undefined) {
  await Deno.writeTextFile(file, `# What was tried of runs\n\n${summary.join("\n")}\n`);
}
Deno.exit(faults.length === 0 ? 0 : 1);

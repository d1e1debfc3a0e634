/**
 * `deno task test:golden DIR`: follows every reference training run in a folder, and says how far away it stays.
 * A run is `NAME.json` (configuration and logged losses) with `NAME.safetensors` (weights, crops, masks, permutations).
 *
 * @module
 */
import { followRun } from "./golden_run.ts";

const [folder] = Deno.args;
if (folder === undefined) {
  console.error("Give the folder with the runs: deno task test:golden DIR");
  Deno.exit(2);
}
const names = Array.from(Deno.readDirSync(folder), ({ name }) => name)
  .filter((name) => name.endsWith(".json")).map((name) => name.slice(0, -5)).sort();
let failed = names.length === 0;
for (const name of names) {
  const { iterations, worst } = followRun(`${folder}/${name}`);
  console.log(`${name}: ${iterations} iterations`);
  for (const [what, { difference, allowed, where }] of Object.entries(worst)) {
    failed ||= !(difference <= allowed);
    console.log(`  ${what}: ${difference.toExponential(1)} of ${allowed} allowed (${where})`);
  }
}
if (names.length === 0) console.error(`Cannot find a run in ${folder}`);
Deno.exit(failed ? 1 : 0);

/**
 * `deno task test:golden DIR [--device NAME] [--dtype NAME]`: follows every reference training run in a folder, and says how
 * far away it stays. A run is `NAME.json` (configuration and logged losses) with `NAME.safetensors` (weights, crops, masks,
 * permutations).
 *
 * @module
 */
import { allowTF32, chooseDevice } from "@deino/deino/tensor";
import { parseArgs } from "@std/cli/parse-args";
import { followRun } from "./golden_run.ts";

const { _: [folder], device: asked, dtype } = parseArgs(Deno.args, {
  string: ["device", "dtype"],
  default: { device: "cpu", dtype: "float32" },
});
if (folder === undefined || (dtype !== "float32" && dtype !== "bfloat16")) {
  console.error(
    "Give the folder with the runs: deno task test:golden DIR [--device NAME] [--dtype float32|bfloat16]",
  );
  Deno.exit(2);
}
const device = chooseDevice(asked);
allowTF32(false);
const names = Array.from(Deno.readDirSync(String(folder)), ({ name }) => name)
  .filter((name) => name.endsWith(".json")).map((name) => name.slice(0, -5)).sort();
let failed = names.length === 0;
for (const name of names) {
  const { iterations, worst } = followRun(`${folder}/${name}`, { device, dtype });
  console.log(`${name}: ${iterations} iterations`);
  for (const [what, { difference, allowed, where }] of Object.entries(worst)) {
    failed ||= !(difference <= allowed);
    console.log(`  ${what}: ${difference.toExponential(1)} of ${allowed} allowed (${where})`);
  }
}
if (names.length === 0) console.error(`Cannot find a run in ${folder}`);
Deno.exit(failed ? 1 : 0);

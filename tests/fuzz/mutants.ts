/**
 * Reads damaged copies of files: 1,000 of every format of images, 2,000 of every kind of weights. Writes what became of them
 * to `images.json` and `weights.json` beside this file. Ends with status 1 where something should not have been.
 *
 *     deno task test:mutants [images] [weights]
 *
 * @module
 */
import { decodeMutants, formats } from "./image_mutants.ts";
import { readWeightMutants, weightKinds } from "./weight_mutants.ts";

interface Summary {
  readonly faults: readonly string[];
}

const RUNS: Record<string, () => Promise<Record<string, Summary>>> = {
  async images() {
    const summaries: Record<string, Summary> = {};
    for (const format of formats) summaries[format] = await decodeMutants(format, 1000, 0);
    return summaries;
  },
  weights() {
    const kinds = Object.keys(weightKinds);
    return Promise.resolve(
      Object.fromEntries(kinds.map((kind) => [kind, readWeightMutants(kind, 2000, 0)])),
    );
  },
};

let faults = 0;
for (const name of Deno.args.length > 0 ? Deno.args : Object.keys(RUNS)) {
  if (RUNS[name] === undefined) {
    console.error(`There is no "${name}": give ${Object.keys(RUNS).join(" or ")}`);
    Deno.exit(2);
  }
  const summaries = await RUNS[name]();
  const path = new URL(`${name}.json`, import.meta.url);
  Deno.writeTextFileSync(path, JSON.stringify(summaries, undefined, 2) + "\n");
  for (const [kind, { faults: found }] of Object.entries(summaries)) {
    console.log(`${kind}: ${found.length === 0 ? "no fault" : found.join("; ")}`);
    faults += found.length;
  }
}
Deno.exit(faults === 0 ? 0 : 1);

import { assert, assertEquals } from "@std/assert";
import { readWeightMutants, weightKinds } from "../fuzz/weight_mutants.ts";
import { testTensor } from "../helpers.ts";

/** As many as take some seconds; `deno task test:mutants weights` reads 2,000 of each. */
const COUNT = 250;

for (const kind of Object.keys(weightKinds)) {
  testTensor(`damaged weights are read as they were or refused in one sentence: ${kind}`, () => {
    const { faults, refused } = readWeightMutants(kind, COUNT, 1);
    assertEquals(faults, []);
    assert(refused > 10, `${refused} of ${COUNT} were refused`);
  });
}

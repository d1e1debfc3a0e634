/** A whole training step of the smallest and of the large network, beside the same in eager PyTorch. */
import type { BenchOptions, BenchResult } from "./result.ts";
import { largeCase, stepCases } from "./step_case.ts";
import { besidePyTorch } from "./step_peer.ts";

/** Images a second and memory. */
export async function* bench(options: BenchOptions): AsyncGenerator<BenchResult> {
  const [small] = stepCases(options), large = largeCase(options);
  for (const one of small.name === large.name ? [small] : [small, large]) {
    yield* besidePyTorch(one, options, "eager");
  }
}

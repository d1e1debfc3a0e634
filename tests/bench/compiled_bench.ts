/** A whole training step of the large network, beside the same in PyTorch by `torch.compile`. */
import type { BenchOptions, BenchResult } from "./result.ts";
import { largeCase } from "./step_case.ts";
import { besidePyTorch } from "./step_peer.ts";

/** Images a second and memory. */
export async function* bench(options: BenchOptions): AsyncGenerator<BenchResult> {
  yield* besidePyTorch(largeCase(options), options, "compiled");
}

/** How far training stays from the reference's own runs. */
import { fromFileUrl } from "@std/path";
import { allowTF32, type Device } from "../../src/tensor/device.ts";
import { followRun } from "../golden_run.ts";
import type { BenchOptions, BenchResult } from "./result.ts";

const FOLDER = new URL("../golden/", import.meta.url);
const RUNS = ["centering_drop_path", "sinkhorn_separate_heads"];

/** The largest difference of losses, gradients and weights from the reference's, as a share of what is allowed. */
export async function* bench(options: BenchOptions): AsyncGenerator<BenchResult> {
  const device = options.device as Device;
  allowTF32(false);
  const far: string[] = [];
  for (const dtype of ["float32", "bfloat16"] as const) {
    for (const run of RUNS) {
      const { worst } = followRun(fromFileUrl(new URL(`run_${run}`, FOLDER)), { device, dtype });
      for (const [what, { difference, allowed, where }] of Object.entries(worst)) {
        const name = `golden run ${run}, ${dtype}: ${what}`;
        if (!(difference <= allowed)) far.push(name);
        yield { name, value: difference / allowed, unit: "of allowed", note: where };
      }
    }
  }
  if (far.length > 0) throw new Error(`too far from the reference: ${far.join("; ")}`);
}

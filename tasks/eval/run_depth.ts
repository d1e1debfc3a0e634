import { depthProtocol, type DepthProtocolOptions } from "../../src/eval/dense/depth_protocol.ts";
import { depthMetrics, type DepthScores } from "../../src/eval/dense/depth_scores.ts";
import { evaluateDepth } from "../../src/eval/dense/evaluate_depth.ts";
import { trainDepth } from "../../src/eval/dense/train_depth.ts";
import type { DenseArguments } from "./dense_flags.ts";
import { runDense } from "./run_dense.ts";

/** What a command line of `deno task eval depth` asks for. */
export interface DepthArguments extends DenseArguments {
  /** What whole numbers in depth maps are divided by to give metres. */
  readonly scale?: number;
  /** How images are seen. */
  readonly protocol: DepthProtocolOptions;
}

const MILLIMETRES = 1000;

/**
 * Carries out `deno task eval depth`.
 *
 * @throws {Error} If weights, images or depth maps cannot be read, or the results cannot be written.
 */
export async function runDepth(asked: DepthArguments): Promise<void> {
  const protocol = depthProtocol(asked.protocol);
  const { scale = MILLIMETRES } = asked;
  await runDense(asked, {
    kind: { kind: "depth", scale },
    train: (model, folder, options) => trainDepth(model, folder, protocol, options),
    evaluate: (trained, folder, options) =>
      evaluateDepth({ ...trained, protocol }, folder, options),
    lines: table,
    results: (scores) => ({
      ...Object.fromEntries(depthMetrics.map((name) => [name, scores[name].mean])),
      intervals: Object.fromEntries(depthMetrics.map((name) => [name, scores[name].interval])),
      ...{ layers: protocol.layers, max_depth: protocol.maxDepth, crop_size: protocol.cropSize },
      ...{ dataset: asked.protocol.dataset ?? "nyu", depth_scale: scale },
    }),
  });
}

function table(scores: DepthScores): string[] {
  return depthMetrics.map((name) => {
    const { mean, interval: [low, high] } = scores[name];
    return `  ${name.padEnd(9)} ${mean.toFixed(4)} (${low.toFixed(4)} to ${high.toFixed(4)})`;
  });
}

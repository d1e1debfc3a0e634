import { join } from "@std/path";
import { parameterGroups } from "../../src/optim/param_groups.ts";
import { allowTF32, type Device, emptyCache, getNumThreads } from "../../src/tensor/device.ts";
import { Learner } from "../../src/train/learner.ts";
import { architectures } from "../../src/vit/architectures.ts";
import { largestBatch } from "./largest_batch.ts";
import { runPython } from "./python.ts";
import type { BenchOptions, BenchResult } from "./result.ts";
import { decodeScenes } from "./scenes.ts";
import type { StepCase } from "./step_case.ts";
import { checkSteps } from "./step_check.ts";
import { peakOf, type StepTimes, timeSteps, WARM_UP } from "./step_times.ts";

/** How PyTorch runs the step. */
type Mode = "eager" | "compiled";

/** What is measured here; and the case for PyTorch. */
interface Own extends StepTimes {
  readonly count: number;
  readonly peerCase: object;
}

/** A training step beside the same in PyTorch: same shapes, same weights, same losses. */
export async function* besidePyTorch(
  one: StepCase,
  options: BenchOptions,
  mode: Mode,
): AsyncGenerator<BenchResult> {
  const device = options.device as Device;
  allowTF32(false);
  const folder = await Deno.makeTempDir();
  try {
    const { peerCase, ...own } = await measure(one, { device, mode, folder });
    if (device !== "cpu") emptyCache(); // for PyTorch, which comes next
    const peer = await runPython("step_bench.py", [JSON.stringify(peerCase)], {
      modules: "torch, numpy",
    }) as StepTimes | { readonly error: string } | null;
    yield* rows(one.name, own, { peer, mode });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function measure(
  one: StepCase,
  { device, mode, folder }: { device: Device; mode: Mode; folder: string },
): Promise<Own> {
  const { config, iterations, rounds } = one;
  const dtype = device === "cpu" ? "float32" : "bfloat16";
  const images = await decodeScenes();
  using learner = new Learner(config, { device });
  const [check, timed] = ["check", "timed"].map((name) => join(folder, `${name}.safetensors`));
  const steps = checkSteps(learner, images, { path: check, dtype });
  const count = one.images ?? largestBatch(device, (count) => peakOf(learner, images, count));
  const times = timeSteps(learner, images, { count, iterations, rounds, path: timed });
  const sizes = architectures[config.student.arch];
  const { layerwise_decay, patch_embed_lr_mult } = config.optim;
  const groups = parameterGroups(learner.student.namedParameters(), {
    depth: sizes.depth,
    layerwiseDecay: layerwise_decay,
    patchEmbedLrMult: patch_embed_lr_mult,
  }).map(({ parameters: _, ...group }) => group);
  const { schedule } = steps[0];
  return {
    ...times,
    count,
    peerCase: {
      ...{ config, sizes, groups, steps, check, timed, device, dtype, schedule, mode },
      ...{ threads: getNumThreads(), warmUp: WARM_UP, iterations, rounds },
    },
  };
}

function* rows(
  size: string,
  { count, ms, peak }: StepTimes & { readonly count: number },
  { peer, mode }: { peer: StepTimes | { readonly error: string } | null; mode: Mode },
): Generator<BenchResult> {
  const name = `step ${size}, batch ${count}, beside ${mode} PyTorch`;
  const rate = (milliseconds: number) => 1000 * count / milliseconds;
  const own = { name, value: rate(ms), unit: "img/s" };
  if (peer === null) return yield { ...own, note: "no Python with PyTorch to compare with" };
  if ("error" in peer) return yield { ...own, note: peer.error };
  yield { ...own, baseline: rate(peer.ms), ratio: peer.ms / ms, note: "a rate: more is better" };
  if (peak === null || peer.peak === null) return;
  yield {
    ...{ name: `${name}: peak memory`, value: peak / 2 ** 30, unit: "GiB" },
    ...{ baseline: peer.peak / 2 ** 30, ratio: peak / peer.peak },
  };
}

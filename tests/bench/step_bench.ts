/** A whole training step, beside the same in PyTorch, eager and compiled: same shapes, same weights, same losses. */
import { join } from "@std/path";
import type { Config } from "../../src/config/schema.ts";
import { decodeImage } from "../../src/data/codec/decode.ts";
import { scanImageFolder } from "../../src/data/sources/folder.ts";
import type { DecodedImage } from "../../src/data/image.ts";
import { Network, networkOptions } from "../../src/dino/network.ts";
import { parameterGroups } from "../../src/optim/param_groups.ts";
import {
  allowTF32,
  type Device,
  emptyCache,
  getNumThreads,
  onDevice,
} from "../../src/tensor/device.ts";
import { Learner } from "../../src/train/learner.ts";
import { stepFlops } from "../../src/train/step_flops.ts";
import { architectures } from "../../src/vit/architectures.ts";
import { productSpeed } from "./ceiling.ts";
import { largestBatch } from "./largest_batch.ts";
import { runPython } from "./python.ts";
import type { BenchOptions, BenchResult } from "./result.ts";
import { writeScenes } from "./scenes.ts";
import { cpuCases, cudaCases, type StepCase } from "./step_case.ts";
import { checkSteps, type ComputeType } from "./step_check.ts";
import {
  hostTime,
  peakOf,
  type StepTimes,
  timeSteps,
  timeTraining,
  WARM_UP,
} from "./step_times.ts";

const SCENES = 32;

/** What is measured here; and the case for PyTorch. */
interface Own extends StepTimes {
  readonly count: number;
  readonly flops: number;
  /** Milliseconds; null on the CPU, where every call waits. */
  readonly host: number | null;
  readonly training: { readonly ms: number; readonly waited: number };
  readonly peerCase: object;
}

/** What step_bench.py prints. */
interface Peer {
  readonly eager: StepTimes;
  readonly compiled: StepTimes | { readonly error: string };
}

/** Images a second; the share of the machine's arithmetic that this is; memory; time of the host; time with data. */
export async function* bench(options: BenchOptions): AsyncGenerator<BenchResult> {
  const device = options.device as Device;
  allowTF32(false);
  const dtype = device === "cpu" ? "float32" : "bfloat16";
  const ceiling = productSpeed(device, dtype);
  for (const one of device === "cpu" ? cpuCases() : cudaCases()) {
    const folder = await Deno.makeTempDir();
    try {
      const own = await measure(one, { device, dtype, folder });
      if (device !== "cpu") emptyCache(); // for PyTorch, which comes next
      const peer = await runPython("step_bench.py", [JSON.stringify(own.peerCase)], {
        modules: "torch, numpy",
      }) as Peer | null;
      yield* rows(one, own, peer, ceiling);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  }
}

async function measure(
  one: StepCase,
  { device, dtype, folder }: { device: Device; dtype: ComputeType; folder: string },
): Promise<Own> {
  const { config, iterations, rounds } = one;
  const scenes = join(folder, "scenes");
  await Deno.mkdir(scenes);
  const images: DecodedImage[] = [];
  for (const path of await writeScenes(scenes, SCENES)) {
    images.push(await decodeImage(await Deno.readFile(path)));
  }
  using learner = new Learner(config, { device });
  const [check, timed] = ["check", "timed"].map((name) => join(folder, `${name}.safetensors`));
  const steps = checkSteps(learner, images, { path: check, dtype });
  const count = one.images ?? largestBatch(device, (count) => peakOf(learner, images, count));
  const times = timeSteps(learner, images, { count, iterations, rounds, path: timed });
  const host = device === "cpu" ? null : hostTime(learner, images);
  const training = await timeTraining(learner, await scanImageFolder(scenes), count);
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
    ...{ count, host, training, flops: flopsOf(config, count) },
    peerCase: {
      ...{ config, sizes, groups, steps, check, timed, device, dtype, schedule },
      ...{ threads: getNumThreads(), warmUp: WARM_UP, iterations, rounds },
    },
  };
}

/** Floating-point operations of a step of so many images; what stochastic depth drops is not counted. */
function flopsOf(config: Config, count: number): number {
  const train = { ...config.train, batch_size_per_gpu: count };
  using network = onDevice("meta", () => new Network(networkOptions(config)));
  const networks = { student: network, teacher: network };
  const { teacher, student, heads } = stepFlops({ ...config, train }, networks, { dropping: true });
  return count * (teacher + student + heads);
}

function* rows(
  one: StepCase,
  own: Own,
  peer: Peer | null,
  ceiling: number,
): Generator<BenchResult> {
  const { count, ms, flops, host, training } = own;
  const name = `step ${one.name}, batch ${count}`;
  const rate = (milliseconds: number) => 1000 * count / milliseconds;
  const beside = (times: StepTimes | undefined): Partial<BenchResult> =>
    times === undefined ? {} : { baseline: rate(times.ms), ratio: times.ms / ms };
  const compiled = peer?.compiled;
  const failure = compiled !== undefined && "error" in compiled ? compiled.error : undefined;
  const speed = { value: rate(ms), unit: "img/s" };
  yield { name, ...speed, ...beside(peer?.eager), note: `a rate: more is better; ${one.crops}` };
  yield failure === undefined
    ? { name: `${name}, beside torch.compile`, ...speed, ...beside(compiled as StepTimes) }
    : { name: `${name}, beside torch.compile`, ...speed, note: failure };
  yield {
    name: `${name}: share of the product's ceiling`,
    value: 100 * flops / (ms / 1000) / ceiling,
    unit: "%",
    note: `MFU; ${(flops / 1e12).toPrecision(3)} TFLOP a step`,
  };
  yield {
    name: `${name}: from image files`,
    value: rate(training.ms),
    unit: "img/s",
    note: `waits ${training.waited.toFixed(1)} of ${training.ms.toFixed(0)} ms for images`,
  };
  if (host !== null) {
    const note = `the calls of a step alone, of ${ms.toFixed(0)} ms`;
    yield { name: `${name}: host time`, value: host, unit: "ms", note };
  }
  if (own.peak === null) return;
  const baseline = peer?.eager.peak ?? undefined;
  yield {
    name: `${name}: peak memory`,
    value: own.peak / 2 ** 30,
    unit: "GiB",
    ...(baseline && { baseline: baseline / 2 ** 30, ratio: own.peak / baseline }),
  };
}

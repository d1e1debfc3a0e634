/** A whole training step in every size: images a second, share of the machine's arithmetic, memory, time of the host. */
import type { Config } from "../../src/config/schema.ts";
import { Network, networkOptions } from "../../src/dino/network.ts";
import { allowTF32, type Device, onDevice } from "../../src/tensor/device.ts";
import { Learner } from "../../src/train/learner.ts";
import { stepFlops } from "../../src/train/step_flops.ts";
import { productSpeed } from "./ceiling.ts";
import { largestBatch } from "./largest_batch.ts";
import type { BenchOptions, BenchResult } from "./result.ts";
import { decodeScenes } from "./scenes.ts";
import { type StepCase, stepCases } from "./step_case.ts";
import { hostTime, peakOf, type StepTimes, timeSteps } from "./step_times.ts";

/** What is measured of a step. */
interface Measured extends StepTimes {
  readonly count: number;
  /** Milliseconds; null on the CPU, where every call waits. */
  readonly host: number | null;
}

/** The steps on crops that are in memory. */
export async function* bench(options: BenchOptions): AsyncGenerator<BenchResult> {
  const device = options.device as Device;
  allowTF32(false);
  const ceiling = productSpeed(device, device === "cpu" ? "float32" : "bfloat16", options.isTiny);
  for (const one of stepCases(options)) yield* rows(one, await measure(one, device), ceiling);
}

async function measure(one: StepCase, device: Device): Promise<Measured> {
  const { config, iterations, rounds } = one;
  const images = await decodeScenes();
  using learner = new Learner(config, { device });
  const count = one.images ?? largestBatch(device, (count) => peakOf(learner, images, count));
  const times = timeSteps(learner, images, { count, iterations, rounds });
  return { ...times, count, host: device === "cpu" ? null : hostTime(learner, images) };
}

/** Floating-point operations of a step of so many images; what stochastic depth drops is not counted. */
export function flopsOf(config: Config, count: number): number {
  const train = { ...config.train, batch_size_per_gpu: count };
  using network = onDevice("meta", () => new Network(networkOptions(config)));
  const networks = { student: network, teacher: network };
  const { teacher, student, heads } = stepFlops({ ...config, train }, networks, { dropping: true });
  return count * (teacher + student + heads);
}

function* rows(
  { name: size, crops, config }: StepCase,
  { count, ms, host, peak }: Measured,
  ceiling: number,
): Generator<BenchResult> {
  const name = `step ${size}, batch ${count}`, flops = flopsOf(config, count);
  yield { name, value: 1000 * count / ms, unit: "img/s", note: `more is better; ${crops}` };
  yield {
    name: `${name}: share of the product's ceiling`,
    value: 100 * flops / (ms / 1000) / ceiling,
    unit: "%",
    note: `MFU; ${(flops / 1e12).toPrecision(3)} TFLOP a step`,
  };
  if (host !== null) {
    const note = `the calls of a step alone, of ${ms.toFixed(0)} ms`;
    yield { name: `${name}: host time`, value: host, unit: "ms", note };
  }
  if (peak !== null) yield { name: `${name}: peak memory`, value: peak / 2 ** 30, unit: "GiB" };
}

/** Whether training holds on to memory: 1,000 steps of a tiny model with every loss. */
import type { Device } from "../../src/tensor/device.ts";
import { liveTensors, scope } from "../../src/tensor/scope.ts";
import { peakMemory } from "../../src/train/device_memory.ts";
import { trainStep } from "../../src/train/step.ts";
import { noiseBatch, tinyLearner } from "../train/tiny_learner.ts";
import type { BenchOptions, BenchResult } from "./result.ts";

const STEPS = 1000;
const WARM_UP = 10; // by then every buffer that is made on first use exists

/** Native tensors that outlive a thousand steps, and the most memory of the process or the device. */
export async function* bench(options: BenchOptions): AsyncGenerator<BenchResult> {
  const device = options.device as Device, steps = options.isTiny ? 2 * WARM_UP : STEPS;
  using learner = tinyLearner(device);
  const step = (iteration: number) =>
    scope(() => {
      trainStep(learner, noiseBatch(iteration, device), iteration);
    });
  for (let i = 0; i < WARM_UP; i++) step(i);
  const [tensors, bytes] = [liveTensors(), peakMemory(device)];
  for (let i = WARM_UP; i < steps; i++) step(i);
  const peak = peakMemory(device);
  const note = `${((peak - bytes) / 2 ** 20).toFixed(1)} MiB of it since step ${WARM_UP}`;
  yield {
    name: `tensors that ${steps} steps leave behind`,
    value: liveTensors() - tensors,
    unit: "",
    note: "should be 0",
  };
  yield { name: "peak memory of a tiny training", value: peak / 2 ** 20, unit: "MiB", note };
}

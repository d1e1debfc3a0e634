/** Where the time of a step goes: by kind of kernel, in gaps of the host, and how often the host waits for the device. */
import { allowTF32, type Device } from "../../src/tensor/device.ts";
import { scope } from "../../src/tensor/scope.ts";
import { Learner } from "../../src/train/learner.ts";
import type { ProfileSummary, TimeSpent } from "../../src/train/profile_summary.ts";
import { StepProfile } from "../../src/train/step_profile.ts";
import { trainStep } from "../../src/train/step.ts";
import { productSpeed } from "./ceiling.ts";
import type { BenchOptions, BenchResult } from "./result.ts";
import { decodeScenes } from "./scenes.ts";
import { knownBatch } from "./step_batch.ts";
import { flopsOf } from "./step_bench.ts";
import { largeCase } from "./step_case.ts";
import { countWaits, familyOf } from "./trace.ts";

const IMAGES = 32;
const STEPS = 2;
/** Kinds that are told, those that take longest first. */
const MOST = 8;

/** Milliseconds of a step of the large network by kind: no change to a kind can save more than it takes. */
export async function* bench(options: BenchOptions): AsyncGenerator<BenchResult> {
  const device = options.device as Device, one = largeCase(options);
  allowTF32(false);
  const images = one.images ?? IMAGES, path = await Deno.makeTempFile({ suffix: ".json" });
  try {
    const summary = await record(one.config, { images, device, path });
    const dtype = device === "cpu" ? "float32" : "bfloat16";
    const ideal = 1000 * flopsOf(one.config, images) /
      productSpeed(device, dtype, options.isTiny);
    yield* rows(`step ${one.name}, batch ${images}`, summary, ideal);
    if (device === "cpu") return; // where every call waits
    yield {
      name: `step ${one.name}: waits of the host for the device`,
      value: countWaits(await Deno.readTextFile(path)),
      unit: "a step",
      note: "should be 0",
    };
  } finally {
    await Deno.remove(path);
  }
}

async function record(
  config: ConstructorParameters<typeof Learner>[0],
  { images, device, path }: { images: number; device: Device; path: string },
): Promise<ProfileSummary> {
  const scenes = await decodeScenes();
  using learner = new Learner(config, { device });
  return scope(() => {
    const { batch } = knownBatch(scenes, config, { iteration: 0, count: images, device });
    let summary: ProfileSummary | undefined;
    using profile = new StepProfile(learner, { steps: STEPS, path, onDone: (it) => summary = it });
    for (let i = 0; summary === undefined; i++) {
      profile.run(() => scope(() => void trainStep(learner, batch, i)));
    }
    return summary;
  });
}

function* rows(
  name: string,
  { perStep, kernels, operators, busy, outside }: ProfileSummary,
  ideal: number,
): Generator<BenchResult> {
  const isOnDevice = kernels.length > 0;
  const share = (ms: number) => `${(100 * ms / perStep).toFixed(1)} % of the step`;
  yield { name: `${name}, recorded`, value: perStep, unit: "ms" };
  yield isOnDevice
    ? {
      name: `${name}: device idle`,
      value: perStep - busy,
      unit: "ms",
      note: share(perStep - busy),
    }
    : {
      name: `${name}: in no operator`,
      value: outside,
      unit: "ms",
      note: `${share(outside)}; nothing was recorded on a device`,
    };
  for (const { name: family, time, calls } of families(isOnDevice ? kernels : operators)) {
    const note = [`${Math.round(calls)} calls`, share(time)];
    if (family === "products") note.push(`${share(time - ideal)} above the ceiling`);
    yield { name: `${name}: ${family}`, value: time, unit: "ms", note: note.join("; ") };
  }
}

function families(spent: readonly TimeSpent[]): TimeSpent[] {
  const sum = (of: readonly number[]) => of.reduce((a, b) => a + b, 0);
  return Array.from(Map.groupBy(spent, ({ name }) => familyOf(name)), ([name, group]) => ({
    name,
    time: sum(group.map(({ time }) => time)),
    calls: sum(group.map(({ calls }) => calls)),
  })).sort((a, b) => b.time - a.time).slice(0, MOST);
}

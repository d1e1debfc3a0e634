/** The student's pass over all crops at once, beside a pass for each size of crops: time, and on CUDA peak memory. */
import { autocast } from "../../src/autograd/autocast.ts";
import { randn } from "../../src/tensor/random.ts";
import {
  type Device,
  deviceMemory,
  resetPeakMemory,
  synchronize,
} from "../../src/tensor/device.ts";
import { scope } from "../../src/tensor/scope.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";
import { peakMemory } from "../../src/train/environment.ts";
import { type ArchitectureName, architectures } from "../../src/vit/architectures.ts";
import type { Features } from "../../src/vit/features.ts";
import { VisionTransformer } from "../../src/vit/vision_transformer.ts";
import type { BenchOptions, BenchResult } from "./result.ts";

const ROUNDS = 5;

/** A student and its crops. */
interface Case {
  readonly name: string;
  readonly arch: ArchitectureName;
  readonly images: number;
  /** Sides of global and local crops. */
  readonly sides: readonly [number, number];
  readonly dropPathRate: number;
}

const cases: Record<"cpu" | "cuda", Case> = {
  cpu: { name: "ViT-S/14", arch: "vit_small", images: 4, sides: [112, 56], dropPathRate: 0.1 },
  cuda: { name: "ViT-L/14", arch: "vit_large", images: 32, sides: [224, 98], dropPathRate: 0.4 },
};

/** Milliseconds and bytes of a pass forward and back. */
interface Cost {
  readonly ms: number;
  readonly bytes: number;
  readonly loss: number;
}

/** The packed pass in `value`, the separate ones as its baseline. */
export async function* bench(options: BenchOptions): AsyncGenerator<BenchResult> {
  const device = options.device as Device;
  const { name, arch, images, sides, dropPathRate } = cases[device === "cpu" ? "cpu" : "cuda"];
  const sizes = { ...architectures[arch], patchSize: 14, imgSize: sides[0], initValues: 1 };
  const vit = new VisionTransformer({ ...sizes, dropPathRate }).to({ device }).train();
  const crops = [2, 8].map((count, i) =>
    randn([count * images, 3, sides[i], sides[i]], { device })
  );
  // Both ways drop the same: the first crops stay.
  const permutation = (size: number) => Array.from({ length: size }, (_, i) => i);
  const ways: Record<string, () => Features[]> = {
    packed: () => vit.forwardFeatures(crops, { permutation }),
    separate: () => crops.map((crop) => vit.forwardFeatures([crop], { permutation })[0]),
  };
  const [packed, separate] = Object.values(ways).map((way) => costOf(vit, way, device));
  for (const tensor of [...crops, ...vit.parameters()]) tensor.dispose();
  if (Math.abs(packed.loss / separate.loss - 1) > 0.01) {
    throw new Error(`Cannot compare: the loss is ${packed.loss} packed and ${separate.loss} apart`);
  }
  const note = `baseline: a pass for each size; 2 x ${sides[0]} + 8 x ${
    sides[1]
  }, ${images} images`;
  yield {
    ...{ name: `packed student pass, ${name}`, unit: "ms", note },
    ...{ value: packed.ms, baseline: separate.ms, ratio: packed.ms / separate.ms },
  };
  if (device === "cpu") return; // the second way would use again what the first has freed
  const [value, baseline] = [packed.bytes / 2 ** 20, separate.bytes / 2 ** 20];
  yield {
    ...{ name: `packed student pass, ${name}: peak memory`, unit: "MiB" },
    ...{ value, baseline, ratio: value / baseline },
  };
}

/** The best time of several rounds, and the most memory above what was held before. */
function costOf(vit: VisionTransformer, way: () => Features[], device: Device): Cost {
  const dtype = device === "cpu" ? "float32" : "bfloat16";
  const pass = () =>
    scope(() => {
      vit.zeroGrad();
      const energy = autocast({ device, dtype }, way)
        .map(({ xNormClstoken, xNormPatchtokens }): Tensor =>
          xNormClstoken.pow(4).sum().add(xNormPatchtokens.pow(4).mean())
        )
        .reduce((sum, each) => sum.add(each));
      energy.backward();
      return energy;
    });
  using first = pass(); // makes the gradients, which stay
  const before = beginPeak(device);
  const times = Array.from({ length: ROUNDS }, () => {
    synchronize(device);
    const began = performance.now();
    pass().dispose();
    synchronize(device);
    return performance.now() - began;
  });
  return { ms: Math.min(...times), bytes: peakMemory(device) - before, loss: first.item() };
}

/** Forgets the peak so far; the bytes that are held now. */
function beginPeak(device: Device): number {
  if (device === "cpu") return peakMemory(device);
  resetPeakMemory(device);
  return deviceMemory(device).peak;
}

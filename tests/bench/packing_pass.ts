/**
 * What a student's pass forward and back costs: `packing_bench.ts` runs this for each way, in processes of their own, for
 * the second way would use again what the first has freed. Prints a line of JSON.
 *
 * @module
 */
import { autocast } from "../../src/autograd/autocast.ts";
import { type Device, synchronize } from "../../src/tensor/device.ts";
import { Generator, randn } from "../../src/tensor/random.ts";
import { scope } from "../../src/tensor/scope.ts";
import { peakMemory } from "../../src/train/device_memory.ts";
import { type ArchitectureName, architectures } from "../../src/vit/architectures.ts";
import { VisionTransformer } from "../../src/vit/vision_transformer.ts";

/** A student, its crops, and how it sees them. */
export interface PackingPass {
  readonly arch: ArchitectureName;
  readonly images: number;
  /** Sides of global and local crops. */
  readonly sides: readonly [number, number];
  readonly dropPathRate: number;
  readonly device: Device;
  /** Whether all crops go through at once, or a pass is made for each size. */
  readonly isPacked: boolean;
}

/** What the pass cost. */
export interface PackingCost {
  /** The best of several rounds. */
  readonly ms: number;
  /** The most bytes held: on CUDA by the device, else by the process. */
  readonly peak: number;
  readonly loss: number;
}

const ROUNDS = 5;

function measure(
  { arch, images, sides, dropPathRate, device, isPacked }: PackingPass,
): PackingCost {
  const sizes = { ...architectures[arch], patchSize: 14, imgSize: sides[0], initValues: 1 };
  const vit = new VisionTransformer({ ...sizes, dropPathRate, seed: 0 }).to({ device }).train();
  const generator = new Generator(0);
  const crops = [2, 8].map((count, i) =>
    randn([count * images, 3, sides[i], sides[i]], { generator }).to({ device })
  );
  // Both ways drop the same: the first crops stay.
  const permutation = (size: number) => Array.from({ length: size }, (_, i) => i);
  const forward = () =>
    isPacked
      ? vit.forwardFeatures(crops, { permutation })
      : crops.map((crop) => vit.forwardFeatures([crop], { permutation })[0]);
  const dtype = device === "cpu" ? "float32" : "bfloat16";
  const pass = () =>
    scope(() => {
      vit.zeroGrad();
      const energy = autocast({ device, dtype }, forward)
        .map(({ xNormClstoken, xNormPatchtokens }) =>
          xNormClstoken.pow(4).sum().add(xNormPatchtokens.pow(4).mean())
        )
        .reduce((sum, each) => sum.add(each));
      energy.backward();
      return energy.item();
    });
  const loss = pass();
  const times = Array.from({ length: ROUNDS }, () => {
    synchronize(device);
    const began = performance.now();
    pass();
    synchronize(device);
    return performance.now() - began;
  });
  return { ms: Math.min(...times), peak: peakMemory(device), loss };
}

console.log(JSON.stringify(measure(JSON.parse(Deno.args[0]))));

import type { Config } from "../../src/config/schema.ts";
import type { DecodedImage } from "../../src/data/image.ts";
import { Stream } from "../../src/random/stream.ts";
import type { Device } from "../../src/tensor/device.ts";
import { tensor } from "../../src/tensor/create.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";
import { makeBatch } from "../../src/train/make_batch.ts";
import type { TrainingBatch } from "../../src/train/training_batch.ts";
import { architectures } from "../../src/vit/architectures.ts";

/** A batch whose every number another program can be told. */
interface KnownBatch {
  /** It stands for one step; those after it draw permutations of their own. */
  readonly batch: TrainingBatch;
  /** It by name; `permutations` is `[branches, 2B + nB]`, int32. */
  readonly tensors: Record<string, Tensor>;
}

/** Crops, masks and permutations of some images, taken in turns until there are `count`. */
export function knownBatch(
  images: readonly DecodedImage[],
  config: Config,
  { iteration, count, device }: { iteration: number; count: number; device: Device },
): KnownBatch {
  const taken = Array.from({ length: count }, (_, i) => images[i % images.length]);
  const [batch] = makeBatch(taken, config, { iteration, device });
  const { globalCrops, localCrops, masks } = batch;
  const { drop_path_rate, arch } = config.student;
  const branches = drop_path_rate > 0 ? 2 * architectures[arch].depth : 0;
  const sizes = [globalCrops.shape[0], localCrops!.shape[0]];
  const stream = new Stream(config.train.seed, "bench", iteration);
  const drawn = Array.from({ length: branches }, () => sizes.map((n) => stream.permutation(n)));
  const permutations = drawn.flat().values();
  return {
    batch: {
      ...batch,
      permutation: (size) => permutations.next().value ?? batch.permutation(size),
    },
    tensors: {
      global_crops: globalCrops,
      local_crops: localCrops!,
      masks: masks!.masks!,
      indices: masks!.indices,
      weights: masks!.weights,
      permutations: tensor(Int32Array.from(drawn.flatMap((pair) => pair.flatMap((p) => [...p]))), {
        shape: [branches, sizes[0] + sizes[1]],
      }),
    },
  };
}

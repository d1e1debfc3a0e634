import { join } from "@std/path";
import { Stream } from "../../../src/random/stream.ts";
import { VisionTransformer } from "../../../src/vit/vision_transformer.ts";
import { writePng } from "../../data/codec/write_png.ts";

const WIDTH = 24;
const HEIGHT = 16;
/** Colour and depth in millimetres of each class. */
const CLASSES = [
  { colour: [60, 20, 10], depth: 1000 },
  { colour: [40, 120, 220], depth: 4000 },
];

/**
 * Writes images cut in two at a random column, each part in the noisy colour of its class, with masks and depth maps.
 * Pixels of the first row are of no class and no known depth.
 */
export async function writeScenes(root: string, count: number, seed: number): Promise<void> {
  for (const folder of ["images", "annotations", "depth"]) {
    await Deno.mkdir(join(root, folder), { recursive: true });
  }
  for (let i = 0; i < count; i++) {
    const stream = new Stream(seed, "scene", i);
    const [cut, first] = [stream.integer(6, 18), stream.integer(0, 1)];
    const classes = Array.from(
      { length: WIDTH * HEIGHT },
      (_, p) => p % WIDTH < cut ? first : 1 - first,
    );
    const known = <T>(value: (label: number) => T, unknown: T) =>
      classes.map((label, p) => p < WIDTH ? unknown : value(label));
    const files = {
      images: {
        type: 2 as const,
        values: classes.flatMap((label) =>
          CLASSES[label].colour.map((value) => value + stream.integer(-10, 10))
        ),
      },
      annotations: { type: 3 as const, values: known((label) => label, 255) },
      depth: { bits: 16 as const, values: known((label) => CLASSES[label].depth, 0) },
    };
    for (const [folder, png] of Object.entries(files)) {
      const bytes = writePng({ width: WIDTH, height: HEIGHT, ...png });
      await Deno.writeFile(join(root, folder, `${i}.png`), bytes);
    }
  }
}

/** A small backbone with random weights. */
export function randomBackbone(): VisionTransformer {
  return new VisionTransformer({
    embedDim: 16,
    depth: 4,
    numHeads: 2,
    imgSize: 16,
    patchSize: 4,
    seed: 3,
  })
    .eval();
}

/**
 * The dataset that is made where none is given.
 *
 * @module
 */
import { join } from "@std/path";
import codecs from "imagescript/codecs/node/index.js";
import { PARTIAL } from "../../files/atomic_file.ts";
import { Stream } from "../../random/stream.ts";
import { MOTIFS } from "./motif.ts";
import { renderScene } from "./render.ts";

/** Options of {@linkcode makeBuiltinDataset}. */
interface BuiltinDatasetOptions {
  /** Training images of each of the ten classes. Default: 200. */
  trainPerClass?: number;
  /** Validation images of each class. Default: 50. */
  valPerClass?: number;
  /** Columns and rows of the images. Default: 64. */
  size?: number;
  /** Seed of the images. Default: 0. */
  seed?: number;
  /** Called after each image with the number made and the number to make. */
  onProgress?: (made: number, total: number) => void;
}

/** What the built-in dataset is made of unless told otherwise. */
export const BUILTIN_SIZES = { classes: Object.keys(MOTIFS).length, train: 200, val: 50, size: 64 };

/** JPEG quality: noise stays visible, an image takes about 4 KB. */
const QUALITY = 90;

/**
 * Makes a small labelled dataset of image files, `train/CLASS/0000.jpg` and `val/CLASS/0000.jpg`.
 *
 * A class is the figure that an image is strewn with; colours, places and light are chance, see {@linkcode renderScene}. The
 * images are a pure function of the options. A folder that exists is taken as it is: it appears under its name only when
 * complete.
 *
 * @param folder The folder to make.
 * @throws {Error} If the folder cannot be written.
 */
export async function makeBuiltinDataset(
  folder: string,
  options: BuiltinDatasetOptions = {},
): Promise<void> {
  if (await exists(folder)) return;
  const partial = `${folder}.${crypto.randomUUID().slice(0, 8)}${PARTIAL}`;
  try {
    await writeImages(partial, options);
    await Deno.rename(partial, folder);
  } catch (error) {
    await Deno.remove(partial, { recursive: true }).catch(() => {}); // the first error says more
    if (await exists(folder)) return; // another process was faster
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Cannot make the built-in dataset in ${folder}: ${reason}`, { cause: error });
  }
}

async function writeImages(folder: string, options: BuiltinDatasetOptions): Promise<void> {
  const { trainPerClass = BUILTIN_SIZES.train, valPerClass = BUILTIN_SIZES.val } = options;
  const { size = BUILTIN_SIZES.size, seed = 0, onProgress } = options;
  const classes = Object.entries(MOTIFS);
  const total = classes.length * (trainPerClass + valPerClass);
  let made = 0;
  for (const [split, count] of [["train", trainPerClass], ["val", valPerClass]] as const) {
    for (const [name, motif] of classes) {
      const classFolder = join(folder, split, name);
      await Deno.mkdir(classFolder, { recursive: true });
      for (let i = 0; i < count; i++) {
        const pixels = renderScene(motif, size, new Stream(seed, "builtin", split, name, i));
        const jpeg = codecs.jpeg.encode(pixels, { width: size, height: size, quality: QUALITY });
        await Deno.writeFile(join(classFolder, `${String(i).padStart(4, "0")}.jpg`), jpeg);
        onProgress?.(++made, total);
      }
    }
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

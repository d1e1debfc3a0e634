import { join } from "@std/path";
import { Image } from "imagescript";
import { MOTIFS } from "../../src/data/builtin/motif.ts";
import { renderScene } from "../../src/data/builtin/render.ts";
import { Stream } from "../../src/random/stream.ts";

const SIDE = 448; // with 448² pixels about as many as ImageNet's 500 x 375
const QUALITY = 90;

/** Writes scenes of the built-in dataset into a folder, as JPEG files of ImageNet's size. */
export async function writeScenes(folder: string, count: number): Promise<string[]> {
  const motifs = Object.values(MOTIFS);
  return await Promise.all(Array.from({ length: count }, async (_, i) => {
    const image = new Image(SIDE, SIDE);
    image.bitmap.set(renderScene(motifs[i % motifs.length], SIDE, new Stream(0, "bench", i)));
    const path = join(folder, `${i}.jpg`);
    await Deno.writeFile(path, await image.encodeJPEG(QUALITY));
    return path;
  }));
}

import { join } from "@std/path";
import { Image } from "imagescript";
import { MOTIFS } from "../../src/data/builtin/motif.ts";
import { renderScene } from "../../src/data/builtin/render.ts";
import { decodeImage } from "../../src/data/codec/decode.ts";
import type { DecodedImage } from "../../src/data/image.ts";
import { Stream } from "../../src/random/stream.ts";

const SIDE = 448; // with 448² pixels about as many as ImageNet's 500 x 375
const QUALITY = 90;

/** Writes scenes of the built-in dataset into a folder, as JPEG files of ImageNet's size unless another is given. */
export async function writeScenes(
  folder: string,
  count: number,
  { width = SIDE, height = SIDE } = {},
): Promise<string[]> {
  const motifs = Object.values(MOTIFS), side = Math.max(width, height);
  return await Promise.all(Array.from({ length: count }, async (_, i) => {
    const image = new Image(side, side);
    image.bitmap.set(renderScene(motifs[i % motifs.length], side, new Stream(0, "bench", i)));
    const path = join(folder, `${i}.jpg`);
    await Deno.writeFile(path, await image.crop(0, 0, width, height).encodeJPEG(QUALITY));
    return path;
  }));
}

const DECODED = 32;

/** A batch's worth of scenes, decoded. */
export async function decodeScenes(): Promise<DecodedImage[]> {
  const folder = await Deno.makeTempDir();
  try {
    const paths = await writeScenes(folder, DECODED);
    return await Promise.all(paths.map(async (path) => decodeImage(await Deno.readFile(path))));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

import { effectiveBatch } from "../config/effective_batch.ts";
import type { Config } from "../config/schema.ts";
import { batched } from "../data/batched.ts";
import type { ImageFolder } from "../data/folder.ts";
import type { DecodedImage } from "../data/image.ts";

/**
 * Your own source of images: gives decoded images without end from a place in its order, 0 for the first image. A
 * run that is resumed asks for them from the place where it stopped; where they are the same then, so are its bits.
 */
export type ImageStream = (position: number) => AsyncIterable<DecodedImage>;

/** What a run keeps account of where its images come from a stream: of these nothing is known beforehand. */
export const STREAMED: ImageFolder = { root: "your own images", paths: [] };

/** The images of one step. */
interface StreamedBatch {
  readonly images: readonly DecodedImage[];
  readonly iteration: number;
  readonly position: number;
}

/**
 * The batches of a run whose images come from a stream.
 *
 * @throws {TypeError} If an image has not the channels of `data.channels`.
 * @throws {Error} If the stream ends before the run.
 */
export async function* streamedBatches(
  stream: ImageStream,
  config: Config,
  { iteration, position }: Pick<StreamedBatch, "iteration" | "position">,
): AsyncGenerator<StreamedBatch> {
  const size = effectiveBatch(config);
  for await (const images of batched(stream(position), size)) {
    if (images.length < size) break;
    for (const image of images) checkChannels(image, config.data.channels);
    position += size;
    yield { images, iteration: iteration++, position };
  }
  throw new Error(
    `Cannot continue after ${iteration} steps: your image stream ended, and a step takes ${size}. ` +
      "Pass an endless one",
  );
}

function checkChannels({ width, height, pixels }: DecodedImage, channels: number): void {
  if (pixels.length === width * height * channels) return;
  throw new TypeError(
    `Cannot learn from an image of ${width}x${height} pixels that has ${pixels.length} values: ` +
      `with data.channels=${channels} it has ${width * height * channels}`,
  );
}

import type { Device } from "../tensor/device.ts";
import type { Embedding, EvaluationSet } from "./evaluation_set.ts";
import {
  FeatureWriter,
  type FeatureWriterOptions,
  type WrittenFeatures,
} from "./files/feature_writer.ts";

/** Options of {@linkcode extractFeatures}. */
export interface ExtractOptions extends FeatureWriterOptions {
  /** Where to compute. Default: the CPU. */
  device?: Device;
  /** Takes the number of images done so far, broken ones included. Default: nobody. */
  onProgress?: (done: number) => void;
  /** Takes how many images an earlier process had done, where it is taken up. Default: nobody. */
  onResume?: (done: number) => void;
  /** Takes what the user should know. Default: nobody. */
  onNote?: (text: string) => void;
}

/**
 * Computes features into a file, in the memory of a few batches whatever the number of images. What a killed process left
 * is taken up, if weights, images and settings are the same.
 *
 * @param images The images; those that cannot be decoded are its `brokenFiles` afterwards.
 * @param embed What computes features.
 * @param path The file: .safetensors, .npy or .csv; see {@linkcode FeatureWriter}.
 * @param options What the features depend on, and device.
 * @throws {Error} If images cannot be read or features cannot be written.
 */
export async function extractFeatures(
  images: EvaluationSet,
  embed: Embedding,
  path: string,
  options: ExtractOptions,
): Promise<WrittenFeatures> {
  const { device, onProgress = () => {}, onResume = () => {}, onNote = () => {} } = options;
  using writer = new FeatureWriter(path, images.folder, options);
  const { begun, isAnew } = writer;
  if (begun !== undefined) {
    onResume(begun.position);
    onNote(`Going on after ${begun.position} of ${images.folder.paths.length} images`);
  } else if (isAnew) {
    onNote(`Beginning anew: what is unfinished of ${path} has other weights, images or settings`);
  }
  for await (
    const { features, indices, ...progress } of images.embedded(embed, { device, begun })
  ) {
    using _ = features;
    writer.append(features, indices, progress);
    onProgress(progress.position);
  }
  return writer.finish(images.brokenFiles);
}

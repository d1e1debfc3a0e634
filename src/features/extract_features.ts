import type { Device } from "../tensor/device.ts";
import type { Embedding } from "./embedding.ts";
import type { EvaluationSet } from "./evaluation_set.ts";
import { featureKey } from "./feature_key.ts";
import {
  FeatureWriter,
  type FeatureWriterOptions,
  type WrittenFeatures,
} from "./files/feature_writer.ts";

/** Options of {@linkcode extractFeatures}. */
export interface ExtractOptions extends Pick<FeatureWriterOptions, "facts"> {
  /** What features depend on, as JSON can carry it, where {@linkcode featureKey} does not know. Default: themselves alone. */
  key?: FeatureWriterOptions["key"];
  /** Where to compute. Default: the CPU. */
  device?: Device;
  /** Ends the computation when it is aborted, with its reason; what is done is kept. Default: never. */
  signal?: AbortSignal;
  /** Called with the number of images done so far, broken ones included. Default: ignored. */
  onProgress?: (done: number) => void;
  /** Called with the number of images done by an earlier process, when it is resumed. Default: ignored. */
  onResume?: (done: number) => void;
  /** Called with notes for the user. Default: ignored. */
  onNote?: (text: string) => void;
}

/**
 * Computes features into a file, in the memory of a few batches whatever the number of images. What a killed process left
 * is resumed if weights, images and settings are the same.
 *
 * @param images The images; those that cannot be decoded are its `brokenFiles` afterwards.
 * @param embed What computes features.
 * @param path The file: .safetensors, .npy or .csv; see {@linkcode FeatureWriter}.
 * @param options Device, and what else to note.
 * @throws {Error} If images cannot be read or features cannot be written.
 */
export async function extractFeatures(
  images: EvaluationSet,
  embed: Embedding,
  path: string,
  options: ExtractOptions = {},
): Promise<WrittenFeatures> {
  const { device, facts, signal, onProgress = () => {}, onResume = () => {}, onNote = () => {} } =
    options;
  const key = featureKey(embed, images) ?? options.key ?? { id: crypto.randomUUID() };
  using writer = new FeatureWriter(path, images.folder, { key, facts });
  const { begun, discardsStale } = writer;
  if (begun !== undefined) {
    onResume(begun.position);
    onNote(`Resuming after ${begun.position} of ${images.folder.paths.length} images`);
  } else if (discardsStale) {
    onNote(
      `Starting from scratch: the unfinished ${path} was made with other weights, images or settings`,
    );
  }
  for await (
    const { features, indices, ...progress } of images.embedded(embed, { device, begun, signal })
  ) {
    using _ = features;
    writer.append(features, indices, progress);
    onProgress(progress.position);
  }
  return writer.finish(images.brokenFiles);
}

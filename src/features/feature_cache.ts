import { createHash } from "node:crypto";
import { join } from "@std/path";
import { readSafetensors } from "../checkpoint/safetensors.ts";
import { fromMetadata } from "../checkpoint/metadata.ts";
import type { BrokenFile } from "../data/broken_files.ts";
import type { ImageFolder } from "../data/folder.ts";
import { isFile } from "../files/is_file.ts";
import { scope } from "../tensor/scope.ts";
import type { Embedding } from "./embedding.ts";
import type { EvaluationSet, FeatureOptions } from "./evaluation_set.ts";
import { extractFeatures } from "./extract_features.ts";
import { featureKey } from "./feature_key.ts";
import type { LabelledFeatures } from "./labelled_features.ts";

/** Images whose features can be computed, or are known. */
export type FeatureSource = Pick<EvaluationSet, "folder" | "brokenFiles" | "features">;

/** Options of {@linkcode cachedFeatures}. */
export interface FeatureCacheOptions {
  /** The folder of the cache; without one, nothing is kept. */
  readonly folder?: string;
  /** Called with notes for the user. Default: ignored. */
  readonly onNote?: (text: string) => void;
}

/**
 * Images whose features are computed once: into a file in the cache, named after all that they depend on, from which they
 * are read ever after. Features that have no {@linkcode featureKey} are computed each time.
 *
 * @param images The images.
 * @param options The cache.
 */
export function cachedFeatures(images: EvaluationSet, options: FeatureCacheOptions): FeatureSource {
  const { folder, ...rest } = options;
  return folder === undefined ? images : new CachedFeatures(images, { ...rest, folder });
}

class CachedFeatures implements FeatureSource {
  readonly #images: EvaluationSet;
  readonly #options: FeatureCacheOptions & { folder: string };
  #brokenFiles: readonly BrokenFile[] = [];

  constructor(images: EvaluationSet, options: FeatureCacheOptions & { folder: string }) {
    this.#images = images;
    this.#options = options;
  }

  get folder(): ImageFolder {
    return this.#images.folder;
  }

  get brokenFiles(): readonly BrokenFile[] {
    return this.#brokenFiles;
  }

  async features(embed: Embedding, options: FeatureOptions = {}): Promise<LabelledFeatures> {
    const { folder, onNote = () => {} } = this.#options;
    const key = featureKey(embed, this.#images);
    if (key === undefined) return await this.#compute(embed, options);
    const name = createHash("sha256").update(JSON.stringify(key)).digest("hex");
    const path = join(folder, `${name}.safetensors`);
    if (isFile(path)) {
      onNote(`Reusing the features of ${this.folder.root} in ${path}`);
      return this.#read(path, options);
    }
    await extractFeatures(this.#images, embed, path, { ...options, onNote });
    const read = this.#read(path, options);
    this.#brokenFiles = this.#images.brokenFiles;
    return read;
  }

  async #compute(embed: Embedding, options: FeatureOptions): Promise<LabelledFeatures> {
    const features = await this.#images.features(embed, options);
    this.#brokenFiles = this.#images.brokenFiles;
    return features;
  }

  #read(path: string, { device }: FeatureOptions): LabelledFeatures {
    const { features, metadata } = scope(() => {
      const { tensors, metadata } = readSafetensors(path, { device });
      return { features: tensors.features, metadata };
    });
    const { paths, left_out } = fromMetadata(metadata) as Record<string, string[]>;
    const reason = "could not be decoded when its features were computed";
    this.#brokenFiles = left_out.map((path) => ({ path, reason }));
    let row = 0; // paths are in the folder's order
    const images = Array.from(this.folder.paths.keys())
      .filter((index) => this.folder.paths[index] === paths[row] && ++row);
    return { features, labels: this.#images.labelsOf(images) };
  }
}

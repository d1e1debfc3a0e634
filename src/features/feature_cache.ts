import { createHash } from "node:crypto";
import { join } from "@std/path";
import { readSafetensors } from "../checkpoint/safetensors.ts";
import { fromMetadata } from "../checkpoint/metadata.ts";
import type { BrokenFile } from "../data/broken_files.ts";
import type { ImageFolder } from "../data/folder.ts";
import { scope } from "../tensor/scope.ts";
import type { Embedding, EvaluationSet, FeatureOptions } from "./evaluation_set.ts";
import { extractFeatures } from "./extract_features.ts";
import { featureKey } from "./feature_key.ts";
import type { LabelledFeatures } from "./labelled_features.ts";

/** Images whose features can be computed, or are known. */
export type FeatureSource = Pick<EvaluationSet, "folder" | "brokenFiles" | "features">;

/** Options of {@linkcode cachedFeatures}. */
export interface FeatureCacheOptions {
  /** The folder of the cache; without one, nothing is kept. */
  readonly folder?: string;
  /** The backbone that the features are of. */
  readonly backbone: Parameters<typeof featureKey>[0];
  /** What is made of its outputs; other features need another name. */
  readonly kind: string;
  /** Takes what the user should know. Default: nobody. */
  readonly onNote?: (text: string) => void;
}

/**
 * Images whose features are computed once: into a file in the cache, named after the content of the weights, the images and
 * the settings, from which they are read ever after.
 *
 * @param images The images.
 * @param options The cache and what the features depend on.
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
    const { folder, backbone, kind, onNote = () => {} } = this.#options;
    const key = featureKey(backbone, this.#images, kind);
    const name = createHash("sha256").update(JSON.stringify(key)).digest("hex");
    const path = join(folder, `${name}.safetensors`);
    if (exists(path)) {
      onNote(`Features of ${this.folder.root} come from ${path}`);
      return this.#read(path, options);
    }
    await extractFeatures(this.#images, embed, path, { ...options, key, onNote });
    const read = this.#read(path, options);
    this.#brokenFiles = this.#images.brokenFiles;
    return read;
  }

  #read(path: string, { device }: FeatureOptions): LabelledFeatures {
    const { features, metadata } = scope(() => {
      const { tensors, metadata } = readSafetensors(path, { device });
      return { features: tensors.features, metadata };
    });
    const { paths, left_out } = fromMetadata(metadata) as Record<string, string[]>;
    const reason = "could not be decoded when its features were computed";
    this.#brokenFiles = left_out.map((path) => ({ path, reason }));
    const kept = new Set(paths);
    const images = Array.from(this.folder.paths.keys())
      .filter((index) => kept.has(this.folder.paths[index]));
    return { features, labels: this.#images.labelsOf(images) };
  }
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

import { extname } from "@std/path";
import { isFile } from "../../files/is_file.ts";
import { ResumableFile } from "../../files/resumable_file.ts";
import type { BrokenFile } from "../../data/broken_files.ts";
import type { ImageFolder } from "../../data/folder.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { FeatureKind } from "../embedding.ts";
import type { FeatureLayout, LayoutOptions } from "./layout.ts";
import { npyHead } from "../../checkpoint/npy.ts";
import { byteLength, copyBytes } from "../../tensor/bytes.ts";
import { safetensorsLayout } from "./safetensors_layout.ts";
import { tableLayout, writePaths } from "./table.ts";

const ENDINGS = [".safetensors", ".npy", ".csv"];

/**
 * Checks that a file can hold features of a kind.
 *
 * @throws {TypeError} If it cannot.
 */
export function checkFeaturePath(path: string, kind: FeatureKind): void {
  const ending = extname(path);
  if (!ENDINGS.includes(ending)) {
    throw new TypeError(
      `Cannot write features to "${path}": its name must end in ${
        ENDINGS.slice(0, -1).join(", ")
      } or ${ENDINGS.at(-1)}`,
    );
  }
  if (ending === ".csv" && kind === "patch-grid") {
    throw new TypeError(
      `Cannot write grids to "${path}": tables have one row per image. Use .safetensors or .npy`,
    );
  }
}

/** How far the features of a folder's images have come. */
export interface FeatureProgress {
  /** Number of images done, from the first on. */
  readonly position: number;
  /** Those of them that could not be decoded. */
  readonly brokenFiles: readonly BrokenFile[];
}

/** Options of {@linkcode FeatureWriter}. */
export interface FeatureWriterOptions {
  /** What the features depend on, as JSON can carry it: an unfinished file of another key is discarded. */
  readonly key: Readonly<Record<string, unknown>>;
  /** Further metadata for safetensors. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** Features in files. */
export interface WrittenFeatures {
  /** Their shape, images first. */
  readonly shape: readonly number[];
  /** The files. */
  readonly files: readonly string[];
}

interface Note extends FeatureProgress {
  readonly key: FeatureWriterOptions["key"];
  readonly shape: readonly number[];
}

const LAYOUTS: Record<string, (options: LayoutOptions) => FeatureLayout> = {
  ".safetensors": safetensorsLayout,
  ".npy": npyLayout,
  ".csv": tableLayout,
};

/**
 * Writes features of a folder's images batch by batch, by the path's ending: safetensors, with `labels` beside them and the
 * paths in the metadata; NumPy's format, with paths and classes in a table of the same name; or a table with everything.
 * The file appears when it is whole. Until then it lies beside its path, and writing resumes where a killed process was.
 */
export class FeatureWriter implements Disposable {
  /** How far an earlier process came with the same key; undefined where there is nothing to resume. */
  readonly begun: FeatureProgress | undefined;
  /** Whether an earlier process left features of another key, which are given up. */
  readonly discardsStale: boolean;
  readonly #path: string;
  readonly #folder: ImageFolder;
  readonly #options: FeatureWriterOptions;
  #shape: readonly number[] | undefined;
  #layout: FeatureLayout | undefined;
  #file: ResumableFile | undefined;

  /**
   * Looks for an unfinished file; nothing is written yet.
   *
   * @param path The file. Its folder is made where it is missing.
   * @param folder The images.
   * @param options Key and facts.
   * @throws {Error} If a table of the same name would be lost: that of an array's paths, or one of features.
   */
  constructor(path: string, folder: ImageFolder, options: FeatureWriterOptions) {
    this.#path = path;
    this.#folder = folder;
    this.#options = options;
    const left = ResumableFile.unfinished(path) as Note | undefined;
    const isOurs = JSON.stringify(left?.key) === JSON.stringify(options.key);
    if (!isOurs) requireOwnTable(path);
    this.discardsStale = left !== undefined && !isOurs;
    if (left === undefined || !isOurs) return;
    this.begun = { position: left.position, brokenFiles: left.brokenFiles };
    this.#layout = this.#layOut(left.shape);
    this.#file = ResumableFile.resume(path);
  }

  /**
   * Adds the features of the next images.
   *
   * @param features `[B, D]`, or `[B, D, rows, columns]` for grids, float32.
   * @param images Their indices in the folder.
   * @param progress How far this is.
   * @throws {Error} If they cannot be written; what was written before is kept.
   */
  append(features: Tensor, images: readonly number[], progress: FeatureProgress): void {
    const [, ...shape] = features.shape;
    this.#layout ??= this.#layOut(shape);
    this.#file ??= ResumableFile.begin(this.#path, this.#layout.headSize);
    const note: Note = { key: this.#options.key, shape, ...progress };
    this.#file.append(this.#layout.encode(features, images), note);
  }

  /**
   * Puts the file in its place.
   *
   * @param brokenFiles The images that have no features.
   * @throws {Error} If they cannot be written, or nothing was added.
   */
  finish(brokenFiles: readonly BrokenFile[]): WrittenFeatures {
    if (this.#layout === undefined || this.#file === undefined) {
      throw new Error(`Cannot write "${this.#path}": there are no features`);
    }
    const broken = new Set(brokenFiles.map(({ path }) => path));
    const all = Array.from(this.#folder.paths.keys());
    const [leftOut, images] = [true, false].map((is) =>
      all.filter((image) => broken.has(this.#folder.paths[image]) === is)
    );
    const files = [this.#path];
    if (extname(this.#path) === ".npy") {
      files.push(tableOf(this.#path));
      writePaths(files[1], this.#folder, images);
    }
    this.#file.finish(this.#layout.head({ images, leftOut }));
    return { files, shape: [images.length, ...this.#shape!] };
  }

  /** Closes the file at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.#file?.[Symbol.dispose]();
  }

  #layOut(shape: readonly number[]): FeatureLayout {
    this.#shape = shape;
    const { key, facts = {} } = this.#options;
    const noted = { ...facts, ...key };
    return LAYOUTS[extname(this.#path)]({ folder: this.#folder, shape, facts: noted });
  }
}

/** The table of paths beside an array. */
function tableOf(path: string): string {
  return path.replace(/npy$/, "csv");
}

function requireOwnTable(path: string): void {
  const ending = extname(path);
  const array = path.replace(/csv$/, "npy");
  if (ending === ".csv" && isFile(array)) {
    throw new Error(
      `Cannot write features to "${path}": its name is that of the table of paths that belongs to "${array}". ` +
        "Choose another name",
    );
  }
  if (ending === ".npy" && !isFile(path) && isFile(tableOf(path))) {
    throw new Error(
      `Cannot write features to "${path}": their paths go into "${
        tableOf(path)
      }", which is there already. ` +
        "Choose another name, or move that file away",
    );
  }
}

/** NumPy's format. */
function npyLayout({ folder, shape }: LayoutOptions): FeatureLayout {
  const headSize = npyHead("float32", [folder.paths.length, ...shape]).length;
  return {
    headSize,
    encode: (features) => copyBytes(features, new Uint8Array(byteLength(features))),
    head: ({ images }) => npyHead("float32", [images.length, ...shape], headSize),
  };
}

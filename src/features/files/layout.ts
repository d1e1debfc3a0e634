import type { ImageFolder } from "../../data/folder.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** What is known once every image was seen. */
export interface FinalRows {
  /** Images that have features, as indices in the folder, in ascending order. */
  readonly images: readonly number[];
  /** Images that could not be decoded, as indices in the folder. */
  readonly leftOut: readonly number[];
}

/** How features lie in a file that grows by a row for each image. */
export interface FeatureLayout {
  /** Bytes before the first row. */
  readonly headSize: number;
  /**
   * Rows as bytes.
   *
   * @param features `[B, D]`, or `[B, D, rows, columns]` for grids, float32.
   * @param images Their images, as indices in the folder.
   */
  encode(features: Tensor, images: readonly number[]): Uint8Array<ArrayBuffer>;
  /** What comes before the rows: `headSize` bytes. */
  head(rows: FinalRows): Uint8Array<ArrayBuffer>;
}

/** What a layout is made for. */
export interface LayoutOptions {
  /** The images. */
  readonly folder: ImageFolder;
  /** Shape of one image's features. */
  readonly shape: readonly number[];
  /** What else to note, where the format has room for it. */
  readonly facts: Readonly<Record<string, unknown>>;
}

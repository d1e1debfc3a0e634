import { npyHead } from "../../checkpoint/npy.ts";
import { byteLength, copyBytes } from "../../tensor/bytes.ts";
import type { FeatureLayout, LayoutOptions } from "./layout.ts";

/** NumPy's format. */
export function npyLayout({ folder, shape }: LayoutOptions): FeatureLayout {
  const headSize = npyHead("float32", [folder.paths.length, ...shape]).length;
  return {
    headSize,
    encode: (features) => copyBytes(features, new Uint8Array(byteLength(features))),
    head: ({ images }) => npyHead("float32", [images.length, ...shape], headSize),
  };
}

import { NO_LABEL } from "../../data/sources/labels.ts";
import { toMetadata } from "../../checkpoint/metadata.ts";
import { layOut, MAX_HEADER } from "../../checkpoint/safetensors_header.ts";
import { byteLength, copyBytes } from "../../tensor/bytes.ts";
import { bytesPerElement } from "../../tensor/dtype.ts";
import type { FeatureLayout, FinalRows, LayoutOptions } from "./layout.ts";

/** Room in the header for what moving a path between lists and a change of digits may take. */
const SLACK = 64;
const LABEL_BYTES = bytesPerElement("int64");

/**
 * Safetensors: `features`, `labels` where there are classes, the paths in the metadata. Labels lie before the features, and
 * fewer of them than images leave a longer header.
 *
 * @throws {RangeError} If there are more paths than a header may hold.
 */
export function safetensorsLayout({ folder, shape, facts }: LayoutOptions): FeatureLayout {
  const { paths, classes, labels } = folder;
  const pathsOf = (images: readonly number[]) => images.map((image) => paths[image]);
  const headFor = ({ images, leftOut }: FinalRows, size?: number) => {
    const tensors = [
      { name: "features", dtype: "float32" as const, shape: [images.length, ...shape] },
      ...labels ? [{ name: "labels", dtype: "int64" as const, shape: [images.length] }] : [],
    ];
    const named = { paths: pathsOf(images), ...classes && { classes }, left_out: pathsOf(leftOut) };
    return layOut(tensors, toMetadata({ ...facts, ...named }), size).head;
  };
  const longest = headFor({ images: Array.from(paths.keys()), leftOut: [] }).length + SLACK;
  if (longest > MAX_HEADER) {
    throw new RangeError(
      `Cannot name ${paths.length} images in a safetensors file, whose header ends at ${MAX_HEADER} bytes: ` +
        "use .npy, with a table of paths beside it",
    );
  }
  const headSize = longest + (labels ? LABEL_BYTES * paths.length : 0);
  return {
    headSize,
    encode: (features) => copyBytes(features, new Uint8Array(byteLength(features))),
    head(rows) {
      const marks = BigInt64Array.from(
        labels ? rows.images : [],
        (i) => labels![i] === NO_LABEL ? -1n : BigInt(labels![i]),
      );
      const head = headFor(rows, headSize - marks.byteLength);
      const whole = new Uint8Array(headSize);
      whole.set(head);
      whole.set(new Uint8Array(marks.buffer), head.length);
      return whole;
    },
  };
}

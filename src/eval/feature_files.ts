import { extname } from "@std/path";
import { writeAll, writeAtomically } from "../checkpoint/atomic_file.ts";
import { toMetadata } from "../checkpoint/metadata.ts";
import { writeNpy } from "../checkpoint/npy.ts";
import { writeSafetensors } from "../checkpoint/safetensors.ts";
import { tensor } from "../tensor/create.ts";
import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** Features of images, a row for each. */
export interface FeatureTable {
  /** `[N, D]`, or `[N, D, rows, columns]` for grids. */
  readonly features: Tensor;
  /** The images' paths. */
  readonly paths: readonly string[];
  /** The index of each image's class; empty where there are none. */
  readonly labels: Uint32Array;
  /** Class names. */
  readonly classes?: readonly string[];
}

/**
 * Writes features, by the path's ending: safetensors, with `labels` beside them and the paths in the metadata; NumPy's
 * format, with paths and classes in a table of the same name; or a table with everything.
 *
 * @param path The file. Its folder is made where it is missing.
 * @param table The features.
 * @param facts What else to note in safetensors: the weights, the kind, the image size.
 * @returns The files written.
 * @throws {Error} If they cannot be written.
 */
export function writeFeatures(
  path: string,
  table: FeatureTable,
  facts: Record<string, unknown> = {},
): string[] {
  const { features, paths, labels, classes } = table;
  switch (extname(path)) {
    case ".safetensors":
      scope(() => {
        const marked = { labels: tensor(Int32Array.from(labels), { dtype: "int64" }) };
        const metadata = toMetadata({ ...facts, paths, ...classes && { classes } });
        writeSafetensors(path, { features, ...classes && marked }, metadata);
      });
      return [path];
    case ".npy": {
      const rows = path.replace(/npy$/, "csv");
      writeNpy(path, features);
      writeTable(rows, { ...table, features: undefined });
      return [path, rows];
    }
    default:
      writeTable(path, table);
      return [path];
  }
}

/** Writes a table: path, class, features. */
function writeTable(
  path: string,
  { features, paths, labels, classes }: Omit<FeatureTable, "features"> & { features?: Tensor },
): void {
  const width = features?.shape[1] ?? 0;
  const encoder = new TextEncoder();
  writeAtomically(path, (file) => {
    const write = (cells: readonly string[]) =>
      writeAll(file, encoder.encode(cells.map(cell).join(",") + "\n"));
    const names = Array.from({ length: width }, (_, i) => `f${i}`);
    write(["path", ...classes ? ["class"] : [], ...names]);
    const values = features?.toArray() as Float32Array | undefined;
    paths.forEach((image, row) => {
      const numbers = values?.subarray(row * width, (row + 1) * width) ?? [];
      write([image, ...classes ? [classes[labels[row]]] : [], ...Array.from(numbers, digits)]);
    });
  });
}

/** A float32 with as many digits as tell it apart from all others. */
function digits(value: number): string {
  return String(Number(value.toPrecision(9)));
}

/** A cell of a table, in quotes where it needs them (RFC 4180). */
function cell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

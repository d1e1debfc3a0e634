import { writeAll, writeAtomically } from "../../files/atomic_file.ts";
import type { ImageFolder } from "../../data/folder.ts";
import type { FeatureLayout, LayoutOptions } from "./layout.ts";

const encoder = new TextEncoder();

/** A table: path, class, features. */
export function tableLayout({ folder, shape: [width] }: LayoutOptions): FeatureLayout {
  const names = Array.from({ length: width }, (_, i) => `f${i}`);
  const head = line([...namesOf(folder), ...names]);
  return {
    headSize: head.length,
    encode(features, images) {
      const values = features.toArray() as Float32Array;
      const lines = images.map((image, row) => {
        const numbers = values.subarray(row * width, (row + 1) * width);
        return text([...cellsOf(folder, image), ...Array.from(numbers, digits)]);
      });
      return encoder.encode(lines.join(""));
    },
    head: () => head,
  };
}

/** Writes the paths and classes of images to a table. */
export function writePaths(path: string, folder: ImageFolder, images: readonly number[]): void {
  writeAtomically(path, (file) => {
    writeAll(file, line(namesOf(folder)));
    for (const image of images) writeAll(file, line(cellsOf(folder, image)));
  });
}

function namesOf({ classes }: ImageFolder): string[] {
  return ["path", ...classes ? ["class"] : []];
}

function cellsOf({ paths, classes, labels }: ImageFolder, image: number): string[] {
  return [paths[image], ...classes && labels ? [classes[labels[image]] ?? ""] : []];
}

function line(cells: readonly string[]): Uint8Array<ArrayBuffer> {
  return encoder.encode(text(cells));
}

function text(cells: readonly string[]): string {
  return cells.map(cell).join(",") + "\n";
}

/** A float32 with as many digits as tell it apart from all others. */
function digits(value: number): string {
  return String(Number(value.toPrecision(9)));
}

/** A cell of a table, in quotes where it needs them (RFC 4180). */
function cell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

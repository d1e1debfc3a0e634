import { extname } from "@std/path";

/**
 * What weights can be written as: safetensors with the reference's names, a file for `torch.load` with the same, a folder
 * for `transformers`, safetensors with timm's names.
 */
export const exportFormats = ["safetensors", "pth", "hf", "timm"] as const;

/** One of {@linkcode exportFormats}. */
export type ExportFormat = typeof exportFormats[number];

/** The endings of each format's files; the format without any is a folder. */
const ENDINGS: Record<ExportFormat, readonly string[]> = {
  safetensors: [".safetensors"],
  pth: [".pth", ".pt", ".bin"],
  hf: [],
  timm: [".safetensors"],
};

/**
 * Checks that a path can be that of a format: readers go by the ending.
 *
 * @throws {TypeError} If it cannot.
 */
export function checkExportPath(path: string, format: ExportFormat): void {
  const endings = ENDINGS[format];
  if (endings.length === 0 ? extname(path) === "" : endings.includes(extname(path))) return;
  throw new TypeError(
    `Cannot write the format ${format} to "${path}": ` +
      (endings.length === 0 ? "name a folder" : `its name must end in ${endings.join(" or ")}`),
  );
}

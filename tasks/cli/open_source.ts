import type { MixtureEntry } from "../../src/config/mixture_entry.ts";
import type { ImageFolder } from "../../src/data/folder.ts";
import { describeLeftOut } from "../../src/data/sources/left_out.ts";
import { openSources, type SourceOptions } from "../../src/data/sources/open.ts";
import { stderr } from "./terminal.ts";

/** What is shown while names are listed. */
export function listingLine(names: number): string {
  return `list ${names} names`;
}

/**
 * Opens sources of images, and shows how far listing them is.
 *
 * @throws {Error} If one cannot be read.
 */
export async function listSource(
  sources: readonly (string | MixtureEntry)[],
  options: SourceOptions = {},
): Promise<ImageFolder> {
  try {
    return await openSources(sources, {
      onProgress: (names) => stderr.status(listingLine(names)),
      onNote: (text) => void stderr.line(text),
      ...options,
    });
  } finally {
    stderr.status("");
  }
}

/**
 * Opens sources of images, and reports skipped files that may be missed on standard error.
 *
 * @throws {Error} If one cannot be read or holds no images.
 */
export async function openSource(
  sources: string | readonly string[],
  options: SourceOptions = {},
): Promise<ImageFolder> {
  const folder = await listSource([sources].flat(), options);
  for (const group of folder.leftOut ?? []) {
    if (group.kind !== "expected") stderr.line(describeLeftOut(group));
  }
  if (folder.paths.length > 0) return folder;
  throw new Error(`Cannot find images in ${folder.root}: it holds none that can be read`);
}

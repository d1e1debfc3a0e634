import type { ImageFolder } from "../../src/data/folder.ts";
import { describeLeftOut } from "../../src/data/sources/left_out.ts";
import { openSources, type SourceOptions } from "../../src/data/sources/open.ts";
import { stderr } from "./terminal.ts";

/**
 * Opens sources of images, and reports skipped files that may be missed on standard error.
 *
 * @throws {Error} If one cannot be read or holds no images.
 */
export async function openSource(
  sources: string | readonly string[],
  options: SourceOptions = {},
): Promise<ImageFolder> {
  const onProgress = (names: number) => stderr.status(`list ${names} names`);
  const onNote = (text: string) => void stderr.line(text);
  let folder: ImageFolder;
  try {
    folder = await openSources([sources].flat(), { onProgress, onNote, ...options });
  } finally {
    stderr.status("");
  }
  for (const group of folder.leftOut ?? []) {
    if (group.kind !== "expected") stderr.line(describeLeftOut(group));
  }
  if (folder.paths.length > 0) return folder;
  throw new Error(`Cannot find images in ${folder.root}: it holds none that can be read`);
}

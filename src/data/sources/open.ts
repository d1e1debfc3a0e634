/**
 * Images from anywhere.
 *
 * @module
 */
import type { ImageFolder } from "../folder.ts";
import { refuseAddress } from "./address.ts";
import { scanImageFolder } from "./folder.ts";
import { LIST_ENDINGS, readList } from "./list.ts";
import { toImageFolder } from "./listing.ts";
import { endingOf } from "./names.ts";

/** Options of {@linkcode openImages}. */
export interface SourceOptions {
  /** Channels of the images: where they are not 3, files of `numpy.save` are images too. Default: 3. */
  channels?: number;
  /** Where a source writes classes elsewhere than expected: a column of a list. Default: none. */
  label?: string;
}

/**
 * Finds the images of a source: a folder or a list of files (`.txt`, `.csv`, `.tsv`, `.jsonl`, `.json`).
 *
 * @param source What the source is called.
 * @throws {Error} If it cannot be read or holds no images.
 */
export async function openImages(
  source: string,
  options: SourceOptions = {},
): Promise<ImageFolder> {
  refuseAddress(source);
  if (await isFile(source) && LIST_ENDINGS.has(endingOf(source))) {
    return toImageFolder(await readList(source, options));
  }
  return await scanImageFolder(source, options);
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch {
    return false;
  }
}

/**
 * What a file's name says about it. What it really is shows when it is decoded.
 *
 * @module
 */
import { IMAGE_ENDINGS } from "../codec/formats.ts";
import type { LeftOutKind } from "./left_out.ts";

/** Endings of images that cannot be decoded. */
const OTHER_IMAGES = new Set(
  (".pfm .pam .heic .heif .jxl .psd .svg .ico .tga .exr .hdr .dng .cr2 .cr3 .nef " +
    ".arw .orf .rw2 .raw .dcm .dicom .nii .xcf .pcx").split(" "),
);
/** Files that hold many images in ways of other programs, by their endings. */
const OTHER_SETS = new Set(
  ".arrow .tfrecord .tfrecords .rec .lmdb .mdb .beton .h5 .hdf5 .mat".split(" "),
);
/**
 * Folders that systems leave behind: macOS in archives, Synology's disks, webdataset's own notes. No set, which would keep a
 * copy of each name that is looked up, until garbage is collected.
 */
const LEFTOVERS = ["__MACOSX", "@eaDir", "__index__", "__meta__", "$RECYCLE.BIN"];

/** The endings of images; where they are not of 3 channels, files of `numpy.save` are images too. */
export function imageEndings(channels = 3): ReadonlySet<string> {
  return channels === 3 ? IMAGE_ENDINGS : new Set([...IMAGE_ENDINGS, ".npy"]);
}

/** The ending of a name in small letters, with its dot; a dot that begins the name begins no ending. */
export function endingOf(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot > name.lastIndexOf("/") + 1 ? name.slice(dot).toLowerCase() : "";
}

/** Why a file that is no image by its name is left out, and what that means. */
export function whyNoImage(name: string): { reason: string; kind: LeftOutKind } {
  const ending = endingOf(name);
  if (OTHER_IMAGES.has(ending)) {
    return { reason: `${ending} files cannot be decoded: convert them to PNG`, kind: "lost" };
  }
  if (ending === ".npy") {
    return {
      reason: "arrays of NumPy are images only where data.channels is not 3",
      kind: "lost",
    };
  }
  if (isShard(name)) {
    return {
      reason:
        "archives in folders or archives of images are not opened: unpack them, or name them alone",
      kind: "lost",
    };
  }
  if (/\.(tar\.[a-z0-9]+|tbz2?|txz|tzst|7z|rar)$/i.test(name)) {
    return { reason: "archives of this kind are not opened: unpack them", kind: "lost" };
  }
  if (OTHER_SETS.has(ending)) {
    const written = ending === ".arrow"
      ? "by datasets' to_parquet"
      : "as files, tar shards or parquet";
    return { reason: `${ending} files are not opened: write the images ${written}`, kind: "lost" };
  }
  if (/(^|\/)metadata\.(csv|jsonl)$/.test(name)) {
    return {
      reason: "a list of images and what they show: pass it in place of its folder to read classes",
      kind: "lost",
    };
  }
  const kind = ending === "" ? "files without an ending" : `${ending} files`;
  return { reason: `${kind} are no images`, kind: "expected" };
}

/** Whether one part of a path is hidden, or left behind by another program. */
export function isHidden(name: string): boolean {
  return (name.startsWith(".") && name !== "." && name !== "..") || LEFTOVERS.includes(name);
}

/** Whether any part of a path is hidden, or left behind by another program. */
export function isHiddenPath(path: string): boolean {
  for (let begin = 0, end = 0; end >= 0; begin = end + 1) { // without an array for each of a million paths
    end = path.indexOf("/", begin);
    if (isHidden(path.slice(begin, end < 0 ? undefined : end))) return true;
  }
  return false;
}

/** Whether a file holds many images by its name. */
export function isShard(name: string): boolean {
  return /\.(tar|tar\.gz|tgz|parquet|zip)$/i.test(name);
}

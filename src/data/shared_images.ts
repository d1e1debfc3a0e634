import { createHash } from "node:crypto";
import { type ImageFolder, locate } from "./folder.ts";
import { printable } from "../files/quoted.ts";
import { readSample, type SampleLocator } from "./sources/sample.ts";

/** Reading the beginnings of more files than this would take minutes. */
const MOST_READ = 100_000;
const BEGINNING = 4096;

/**
 * Finds images that are in two folders: the same file, whatever its paths, or other files of the same bytes. Contents are
 * compared only where lengths are equal, and not at all where that concerns more than 100,000 files.
 *
 * @param one A folder.
 * @param other Another.
 * @returns Paths in the second folder of images that the first has too.
 */
export async function sharedImages(one: ImageFolder, other: ImageFolder): Promise<string[]> {
  const [ours, theirs] = [one, other].map(filesOf);
  const places = new Set(ours.map(({ place }) => place));
  const isSame = (file: ImageFile) => places.has(file.place);
  const lengths = [ours, theirs].map((files) => new Set(files.map(({ length }) => length)));
  const isCandidate = ({ length }: ImageFile) =>
    length !== undefined && lengths.every((known) => known.has(length));
  const [a, b] = [ours.filter(isCandidate), theirs.filter((x) => isCandidate(x) && !isSame(x))];
  const copies = a.length + b.length > MOST_READ ? new Set<ImageFile>() : await copiesIn(a, b);
  return theirs.filter((file) => isSame(file) || copies.has(file)).map(({ path }) => path);
}

/** Most images named in a line. */
const SHOWN = 3;

/**
 * Images of a folder that are training images too, in a line.
 *
 * @param shared Some of its paths, as {@linkcode sharedImages} finds them.
 * @param folder The folder.
 * @returns Undefined where there are none.
 */
export function describeShared(
  shared: readonly string[],
  { root, paths }: ImageFolder,
): string | undefined {
  if (shared.length === 0) return undefined;
  const some = shared.slice(0, SHOWN).map(printable).join(", ") +
    (shared.length > SHOWN ? ", …" : "");
  return `${shared.length} of the ${paths.length} images in ${
    printable(root)
  } are training images too, which ` +
    `makes results too optimistic: ${some}`;
}

/** An image of a folder, and where its bytes lie. */
interface ImageFile {
  readonly path: string;
  readonly sample: SampleLocator;
  /** The same for two paths of one file. */
  readonly place: string;
  /** In bytes; undefined where it takes decoding to know. */
  readonly length?: number;
}

function filesOf(folder: ImageFolder): ImageFile[] {
  let last: { path: string } & Deno.FileInfo | undefined; // shards hold many images
  return folder.paths.flatMap((path, index) => {
    const sample = locate(folder, index);
    try {
      if (sample.path !== last?.path) last = { path: sample.path, ...Deno.statSync(sample.path) };
    } catch {
      return []; // gone: that shows when it is to be decoded
    }
    const { dev, ino, size } = last;
    const place = JSON.stringify([dev, ino ?? sample.path, { ...sample, path: "" }]);
    return { path, sample, place, length: lengthOf(sample, size) };
  });
}

function lengthOf(sample: SampleLocator, fileSize: number): number | undefined {
  if ("row" in sample) return undefined;
  return "entry" in sample ? sample.entry.size : sample.length ?? fileSize;
}

/** Which of some files have the bytes of others. */
async function copiesIn(
  others: readonly ImageFile[],
  files: readonly ImageFile[],
): Promise<Set<ImageFile>> {
  const begin = ({ sample, length = 0 }: ImageFile) =>
    digest("entry" in sample ? sample : { ...sample, length: Math.min(BEGINNING, length) });
  const byBeginning = new Map<string, ImageFile[]>();
  for (const file of files.length === 0 ? [] : others) {
    const beginning = await begin(file);
    if (beginning === undefined) continue;
    byBeginning.set(beginning, [...byBeginning.get(beginning) ?? [], file]);
  }
  const copies = new Set<ImageFile>();
  for (const file of files) {
    const alike = byBeginning.get(await begin(file) ?? "")
      ?.filter(({ length }) => length === file.length) ?? [];
    const own = alike.length > 0 ? await digest(file.sample) : undefined;
    for (const { sample } of alike) {
      if (own !== undefined && await digest(sample) === own) copies.add(file);
    }
  }
  return copies;
}

async function digest(sample: SampleLocator): Promise<string | undefined> {
  try {
    return createHash("sha256").update(await readSample(sample)).digest("hex");
  } catch {
    return undefined; // unreadable: that shows when it is to be decoded
  }
}

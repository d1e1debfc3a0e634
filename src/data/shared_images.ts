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
  const theirs = [...filesOf(other)];
  const lengths = new Set(theirs.map(({ length }) => length));
  const places = new Set(theirs.map(placeOf));
  const shared = new Set<string>(), candidates: ImageFile[] = [], common = new Set<number>();
  let count = 0;
  for (const file of filesOf(one)) { // one by one: training images may be millions
    if (!lengths.has(file.length)) continue;
    const place = placeOf(file);
    if (places.has(place)) shared.add(place);
    if (file.length === undefined) continue;
    common.add(file.length);
    if (count++ < MOST_READ) candidates.push(file);
  }
  const isSame = (file: ImageFile) => shared.has(placeOf(file));
  const like = theirs.filter((file) => file.length !== undefined && common.has(file.length))
    .filter((file) => !isSame(file));
  const copies = count + like.length > MOST_READ
    ? new Set<ImageFile>()
    : await copiesIn(candidates, like);
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
  readonly file: string;
  /** In bytes; undefined where it takes decoding to know. */
  readonly length?: number;
}

function* filesOf(folder: ImageFolder): Generator<ImageFile> {
  let known = "", file = "", size: number | undefined; // shards hold many images
  for (const [index, path] of folder.paths.entries()) {
    const sample = locate(folder, index);
    if (sample.path !== known) [known, file, size] = [sample.path, ...factsOf(sample.path)];
    if (size === undefined) continue; // gone: that shows when it is to be decoded
    yield { path, sample, file, length: lengthOf(sample, size) };
  }
}

/** What a file is known by, and its size, unless it is gone. */
function factsOf(path: string): [file: string, size?: number] {
  try {
    const { dev, ino, size } = Deno.statSync(path);
    return [`${dev} ${ino ?? path}`, size];
  } catch {
    return [""];
  }
}

/** Where an image lies, the same for two paths of one file. */
function placeOf({ file, sample }: ImageFile): string {
  if ("row" in sample) return `${sample.row} ${file} ${sample.column}`;
  if ("entry" in sample) return `${sample.entry.header} ${file}`;
  return `${sample.offset} ${sample.length} ${file}`;
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
  const alike = new Map<string, ImageFile[]>();
  for (const file of files.length === 0 ? [] : others) {
    const look = await lookOf(file), found = alike.get(look);
    if (found === undefined) alike.set(look, [file]);
    else found.push(file);
  }
  const contents = new Map<string, Set<string | undefined>>(), copies = new Set<ImageFile>();
  for (const file of files) {
    const look = await lookOf(file);
    if (!alike.has(look)) continue;
    if (!contents.has(look)) contents.set(look, await contentsOf(alike.get(look)!));
    const own = await digest(file.sample);
    if (own !== undefined && contents.get(look)!.has(own)) copies.add(file);
  }
  return copies;
}

/** What can be told of a file without reading it whole. */
async function lookOf({ sample, length = 0 }: ImageFile): Promise<string> {
  const beginning = "entry" in sample ? sample : { ...sample, length: Math.min(BEGINNING, length) };
  return `${length} ${await digest(beginning)}`;
}

async function contentsOf(files: readonly ImageFile[]): Promise<Set<string | undefined>> {
  const contents = new Set<string | undefined>();
  for (const { sample } of files) contents.add(await digest(sample));
  return contents;
}

async function digest(sample: SampleLocator): Promise<string | undefined> {
  try {
    return createHash("sha256").update(await readSample(sample)).digest("hex");
  } catch {
    return undefined; // unreadable: that shows when it is to be decoded
  }
}

/**
 * Shards as webdataset writes them: tar archives in which the members of a sample share a name up to its first dot.
 *
 * @module
 */
import { normalize, relative } from "@std/path";
import type { InputFile } from "../../files/input_file.ts";
import { NumberCollector, numberColumn } from "../../files/number_column.ts";
import {
  type Archive,
  chooseByFolders,
  type ChosenImages,
  holdsSplits,
  type WantedSplit,
} from "./archive_folders.ts";
import { openShard, readEvery } from "./shards.ts";
import { gunzip, isGzip } from "./gunzip.ts";
import { LeftOutAccount } from "./left_out.ts";
import type { Listing } from "./listing.ts";
import { endingOf, imageEndings, isHiddenPath, whyNoImage } from "./names.ts";
import { NameList } from "./name_list.ts";
import { scoreOf } from "./rows.ts";
import type { SampleTable } from "./sample_table.ts";
import type { FilePart } from "./sample.ts";
import { indexShard, type ShardImages } from "./shard_index.ts";
import { readTar, type TarMember } from "./tar.ts";
import { TextCollector } from "./text_column.ts";
import { type ListingWatch, PAUSE, pauseListing } from "./walk.ts";

/** Options of {@linkcode readWebdataset}. */
interface WebdatasetOptions extends ListingWatch, WantedSplit {
  /** Channels of the images. Default: 3. */
  channels?: number;
  /** The member that holds the class: `cls`, `txt`, or a place in JSON such as `json.label`. Default: `cls`. */
  label?: string;
  /** The member that holds a score, likewise. Default: none. */
  score?: string;
}

/** A member that is not longer may hold a class or a score. */
const LONGEST_FIELD = 2 ** 20;

/**
 * Lists the images of tar shards, plain or gzipped. Each image of a sample is one. In a single archive with
 * folders for training and validation whose images nothing accompanies, folders are splits and classes, as those in a zip are.
 *
 * @param root The folder that names are relative to.
 * @param shards The shards, in order.
 * @throws {Error} If some are missing, damaged or half written; the message names each and the member at fault.
 */
export async function readWebdataset(
  root: string,
  shards: readonly string[],
  options: WebdatasetOptions = {},
): Promise<Listing> {
  const leftOut = new LeftOutAccount(), isAlone = shards.length === 1;
  const parts = await readEvery(root, shards, options, async (shard) => {
    using packed = openShard(shard);
    const path = isGzip(packed) ? await gunzip(shard, options) : shard;
    const name = relative(root, shard), { channels, label, score, split, isNamed } = options;
    const asked = ["tar", name, channels, label, score, isAlone, split, isNamed];
    const images = await indexShard(path, asked, leftOut, async (leftOut) => {
      using file = openShard(path);
      return await readShard(file, { ...options, name, leftOut, isAlone });
    });
    return { ...images, samples: new FileParts(path, images.places) };
  });
  return { root, parts, leftOut };
}

/** Images that are parts of one file. */
class FileParts implements SampleTable {
  readonly length: number;
  readonly #path: string;
  readonly #offsets: ArrayLike<number>;
  readonly #lengths: ArrayLike<number>;

  constructor(path: string, { offsets, lengths }: ShardImages["places"]) {
    this.length = offsets.length;
    this.#path = path;
    this.#offsets = offsets;
    this.#lengths = lengths;
  }

  at(index: number): FilePart | undefined {
    if (index >= this.length) return undefined;
    return { path: this.#path, offset: this.#offsets[index], length: this.#lengths[index] };
  }
}

/** What is told of an archive that does not simply end. */
const ENDS = {
  "no mark": { reason: "to its end, which has no mark: it may be half written", kind: "changed" },
  "more behind": {
    reason: "data after its end mark, as when another archive was appended: repack them as one",
    kind: "lost",
  },
} as const;

async function readShard(
  file: InputFile,
  { name, channels, label = "cls", score, leftOut, isAlone, ...options }:
    & WebdatasetOptions
    & Archive
    & { isAlone: boolean },
): Promise<ShardImages> {
  const endings = imageEndings(channels);
  const fields = [label, ...score === undefined ? [] : [score]].map((written) => {
    const [ending, ...place] = written.split(".");
    return { written, ending: `.${ending}`, place, texts: new Map<string, string>() };
  });
  const [labels, scores] = fields;
  let members: Map<string, TarMember> | undefined; // which only links need
  const images = new Map<string, number>();
  const offsets = new NumberCollector(), lengths = new NumberCollector();
  let seen = 0, isPlain = isAlone, image = "", companion = "";
  for (
    const member of readTar(file, (end) => leftOut.add(ENDS[end].reason, name, ENDS[end].kind))
  ) {
    if (++seen % PAUSE === 0) await pauseListing(seen, options);
    const whole = `${name}/${member.name}`;
    if (member.kind === "folder") continue;
    if (isHiddenPath(member.name)) {
      leftOut.add("hidden, or left behind by another program", whole, "expected");
      continue;
    }
    if (member.kind === "link") members ??= filesBefore(file, member.begin);
    const content = member.kind === "link" ? members!.get(normalize(member.linkName)) : member;
    if (member.kind === "other" || content === undefined) {
      leftOut.add("a link, a device or a file with holes, which is not read from archives", whole);
      continue;
    }
    members?.set(normalize(member.name), content);
    const ending = endingOf(member.name);
    if (endings.has(ending)) {
      if (images.delete(member.name)) leftOut.add("a later member has the same name", whole);
      images.set(member.name, offsets.length);
      offsets.push(content.begin);
      lengths.push(content.size);
      image = keyOf(member.name);
      isPlain &&= image !== companion;
      continue;
    }
    companion = keyOf(member.name);
    isPlain &&= companion !== image;
    const asked = fields.filter((field) => field.ending === ending);
    for (const { written, place, texts } of asked) {
      const text = readField(file, content, place);
      if (text !== undefined) texts.set(stemOf(member.name), text);
      else leftOut.add(`nothing is where ${written} is to be`, whole);
    }
    if (asked.length === 0 && !FIELDS.has(ending)) {
      const { reason, kind } = whyNoImage(member.name);
      leftOut.add(reason, whole, kind);
    }
  }
  if (images.size === 0) leftOut.add("a shard without images", name);
  const found = [...images.keys()], names = new NameList();
  const all = Uint32Array.from(found, (_, index) => index);
  const { split, isNamed } = options;
  const { chosen, labels: classes } = isPlain && labels.texts.size === 0 && holdsSplits(all, found)
    ? chooseByFolders(all, found, { name, leftOut, split, isNamed })
    : chooseSamples(split === undefined || isNamed ? all : all.subarray(0, 0), found, labels.texts);
  for (const index of chosen) names.push(`${name}/${found[index]}`);
  const places = Uint32Array.from(images.values());
  const order = chosen.map((index) => places[index]);
  return {
    names,
    places: {
      offsets: numberColumn(offsets.column, order),
      lengths: numberColumn(lengths.column, order),
    },
    labels: classes,
    ...scores && {
      scores: Array.from(chosen, (index) => scoreOf(textFor(found[index], scores.texts)) ?? NaN),
    },
  };
}

/** Images with the classes that stand beside them. */
function chooseSamples(
  chosen: Uint32Array,
  names: readonly string[],
  texts: ReadonlyMap<string, string>,
): ChosenImages {
  const labels = new TextCollector();
  for (const index of chosen) labels.push(textFor(names[index], texts));
  return { chosen, labels };
}

/** The files of an archive by name, up to a place. */
function filesBefore(file: InputFile, end: number): Map<string, TarMember> {
  const files = new Map<string, TarMember>();
  for (const member of readTar(file, () => {})) {
    if (member.begin >= end) break;
    if (member.kind === "file") files.set(normalize(member.name), member);
  }
  return files;
}

/** The text of the member beside an image that has its whole name, or its sample's. */
function textFor(image: string, texts: ReadonlyMap<string, string>): string | undefined {
  return texts.get(stemOf(image)) ?? texts.get(keyOf(image));
}

/** What accompanies an image in a sample. */
const FIELDS = new Set([".cls", ".txt", ".json"]);

/** What a member holds: its text, or what lies at a place of its JSON. */
function readField(
  file: InputFile,
  { begin, size }: TarMember,
  place: readonly string[],
): string | undefined {
  if (size > LONGEST_FIELD) return undefined;
  const text = new TextDecoder().decode(file.bytes(begin, size));
  if (place.length === 0) return /^\s*[+-]?\d+\s*$/.test(text) ? String(Number(text)) : text;
  try {
    // deno-lint-ignore no-explicit-any
    const value = place.reduce((tree, key) => tree?.[key], JSON.parse(text) as any);
    return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
  } catch {
    return undefined;
  }
}

/** A member's name without its last ending. */
function stemOf(name: string): string {
  return name.slice(0, name.length - endingOf(name).length);
}

/** What the members of a sample share: the name up to the first dot behind the last slash. */
function keyOf(name: string): string {
  const dot = name.indexOf(".", name.lastIndexOf("/") + 1);
  return dot < 0 ? name : name.slice(0, dot);
}

import type { ImageFolder, ImageGroups } from "../folder.ts";
import { numberClasses } from "./labels.ts";
import type { LeftOutAccount } from "./left_out.ts";
import { NameList } from "./name_list.ts";
import { JoinedSamples, type SampleTable, SelectedSamples } from "./sample_table.ts";
import { type TextColumn, textColumn } from "./text_column.ts";

/** Images that a source lists, in columns. */
export interface ListedImages {
  /** Their names in the source. */
  readonly names: NameList;
  /** Where their bytes lie. */
  readonly samples: SampleTable;
  /** Their classes as they are written there. */
  readonly labels: TextColumn;
  /** Their scores, NaN where none is there; absent where none was asked for. */
  readonly scores?: ArrayLike<number>;
}

/** What reading a source collects. */
export interface Listing {
  /** What the source is called. */
  readonly root: string;
  /** Its images, in order: those of each of its files. */
  readonly parts: readonly ListedImages[];
  /** The names of its classes, where it lists them apart from the images. */
  readonly classes?: readonly string[];
  /** What it does not give. */
  readonly leftOut: LeftOutAccount;
  /** Images that can only be read together. Default: each alone. */
  readonly groups?: ImageGroups;
}

/**
 * The images of a listing as every reader of images takes them.
 *
 * @param listing The listing.
 * @param minScore Images with a lower score, or without one, are left out. Default: none are.
 */
export function toImageFolder(listing: Listing, minScore?: number): ImageFolder {
  if (minScore !== undefined) return toImageFolder(withScores(listing, minScore));
  const { root, parts, classes, leftOut, groups } = listing;
  return {
    root,
    paths: joined(parts.map(({ names }) => names.all())),
    samples: new JoinedSamples(parts.map(({ samples }) => samples)),
    ...numberClasses(parts.map(({ labels }) => labels), classes),
    leftOut: leftOut.list(),
    ...groups && { groups },
  };
}

/** Lists one behind the other; an array's own ways grow it step by step, which takes twice the memory. */
function joined(lists: readonly string[][]): string[] {
  if (lists.length === 1) return lists[0];
  const all = new Array<string>(lists.reduce((sum, { length }) => sum + length, 0));
  let index = 0;
  for (const list of lists) for (const name of list) all[index++] = name;
  return all;
}

function withScores({ groups: _, ...listing }: Listing, minScore: number): Listing {
  const parts = listing.parts.map((part) => {
    const kept: number[] = [];
    part.names.all().forEach((name, index) => {
      const score = part.scores?.[index] ?? NaN;
      if (score >= minScore) return kept.push(index);
      const reason = Number.isNaN(score) ? "it has no score" : `its score is below ${minScore}`;
      listing.leftOut.add(reason, name, "expected");
    });
    return selected(part, kept);
  });
  return { ...listing, parts };
}

function selected({ names, samples, labels }: ListedImages, indices: number[]): ListedImages {
  const all = names.all();
  return {
    names: new NameList(indices.map((index) => all[index])),
    samples: new SelectedSamples(samples, indices),
    labels: textColumn(indices.map((index) => labels.texts[labels.numbers[index]])),
  };
}

/**
 * Several sources as one.
 *
 * An epoch brings every image of all sources once. Where a source has a weight or balances its classes, images are drawn
 * instead, each place of the order by itself: first a source in proportion to its weight (1 where it has none), then one of
 * its images. Classes unite by name; where all sources number them, by number. An image is called by the number of its
 * source and its name there, so that a run goes on where its sources have moved.
 *
 * @module
 */
import type { MixtureEntry } from "../../config/mixture_entry.ts";
import { type ImageFolder, type ImageGroups, samplesOf } from "../folder.ts";
import { filterImages } from "./filter.ts";
import { NO_LABEL, type NumberedClasses } from "./labels.ts";
import type { SampleLocator } from "./sample.ts";
import { JoinedSamples } from "./sample_table.ts";
import type { ListingWatch } from "./walk.ts";

/** Opens a source. */
type OpenSource = (
  path: string,
  options: { label?: string; score?: string; minScore?: number },
) => Promise<ImageFolder>;

/**
 * Opens several sources as one.
 *
 * @param entries The sources.
 * @param open Opens one.
 * @param watch How reading sizes is watched and stopped.
 * @throws {Error} If one cannot be read, filters leave nothing, or classes are numbers in one and names in another.
 */
export async function openMixture(
  entries: readonly MixtureEntry[],
  open: OpenSource,
  watch: ListingWatch = {},
): Promise<ImageFolder> {
  const parts: ImageFolder[] = [];
  for (const { path, label, score, min_score: minScore, ...entry } of entries) {
    const found = await filterImages(await open(path, { label, score, minScore }), entry, watch);
    parts.push(label === "none" ? { ...found, classes: undefined, labels: undefined } : found);
  }
  if (parts.length === 1 && !isDrawn(entries[0])) return parts[0];
  return {
    root: parts.map(({ root }) => root).join(" + "),
    paths: titledPaths(parts),
    samples: new TitledSamples(parts.map(samplesOf)),
    ...uniteClasses(parts),
    leftOut: parts.flatMap(({ leftOut = [] }, i) =>
      leftOut.map((group) => ({
        ...group,
        examples: group.examples.map((name) => titled(name, i)),
      }))
    ),
    ...entries.some(isDrawn)
      ? { weights: weightsOf(parts, entries) }
      : parts.some(({ groups }) => groups) && { groups: uniteGroups(parts) },
  };
}

/** What an image is called, the same wherever its source lies. */
function titled(name: string, part: number): string {
  return [part + 1, name].join("/");
}

function titledPaths(parts: readonly ImageFolder[]): string[] {
  const all = new Array<string>(imagesIn(parts));
  let image = 0;
  for (const [i, { paths }] of parts.entries()) {
    for (const name of paths) all[image++] = titled(name, i);
  }
  return all;
}

/** Images of all parts, found by their names in these: of a million, those would show beside the others. */
class TitledSamples extends JoinedSamples {
  override at(index: number, name: string): SampleLocator | undefined {
    return super.at(index, name.slice(name.indexOf("/") + 1));
  }
}

function imagesIn(parts: readonly ImageFolder[]): number {
  return parts.reduce((sum, { paths }) => sum + paths.length, 0);
}

function isDrawn({ weight, class_balance = 0 }: MixtureEntry): boolean {
  return weight !== undefined || class_balance > 0;
}

/** For each image the chance that it is drawn, all of a source together its weight. */
function weightsOf(
  parts: readonly ImageFolder[],
  entries: readonly MixtureEntry[],
): Float64Array<ArrayBuffer> {
  const weights = new Float64Array(imagesIn(parts));
  let begin = 0;
  for (const [i, { paths, labels }] of parts.entries()) {
    const { weight = 1, class_balance: balance = 0 } = entries[i];
    const counts = new Map<number, number>();
    for (const label of labels ?? []) counts.set(label, (counts.get(label) ?? 0) + 1);
    const chances = Float64Array.from(paths, (_, image) => {
      return labels === undefined ? 1 : counts.get(labels[image])! ** -balance;
    });
    const sum = chances.reduce((sum, chance) => sum + chance, 0);
    chances.forEach((chance, image) => weights[begin + image] = weight * chance / sum);
    begin += paths.length;
  }
  return weights;
}

function uniteClasses(parts: readonly ImageFolder[]): NumberedClasses {
  const classed = parts.filter(({ classes }) => classes !== undefined);
  if (classed.length === 0) return {};
  const numbered = classed.filter(({ classes }) => classes!.every((name, i) => name === String(i)));
  if (numbered.length > 0 && numbered.length < classed.length) {
    const named = classed.find((part) => !numbered.includes(part))!;
    throw new Error(
      `Cannot combine the classes of ${
        numbered[0].root
      }, which are numbers, and of ${named.root}, which are names: ` +
        "set label: none for one of them",
    );
  }
  const names = new Set(classed.flatMap(({ classes }) => classes!));
  const isSame = classed.every(({ classes }) =>
    classes!.length === names.size && classes!.every((name, i) => name === classed[0].classes![i])
  );
  const all = numbered.length > 0 || isSame
    ? classed.reduce(
      (most, { classes }) => classes!.length > most.length ? classes! : most,
      [] as readonly string[],
    )
    : [...names].sort();
  const numbers = new Map(all.map((name, number) => [name, number]));
  const united = new Uint32Array(imagesIn(parts));
  let image = 0;
  for (const { paths, classes, labels } of parts) {
    const own = classes?.map((name) => numbers.get(name)!) ?? [];
    for (let i = 0; i < paths.length; i++) {
      united[image++] = own[labels?.[i] ?? NO_LABEL] ?? NO_LABEL;
    }
  }
  return { classes: all, labels: united };
}

/** The groups of all parts; images that are read alone are groups of one. */
function uniteGroups(parts: readonly ImageFolder[]): ImageGroups {
  let begin = 0;
  const starts: number[] = [];
  for (const { paths, groups } of parts) {
    for (const start of groups?.starts ?? paths.keys()) starts.push(begin + start);
    begin += paths.length;
  }
  return { starts, together: Math.max(...parts.map(({ groups }) => groups?.together ?? 1)) };
}

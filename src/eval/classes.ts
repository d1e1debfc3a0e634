import { type ImageFolder, selectImages } from "../data/folder.ts";
import { NO_LABEL } from "../data/sources/labels.ts";
import { type LeftOut, nameSome } from "../data/sources/left_out.ts";

/**
 * Checks that two folders can be evaluated against each other, and numbers the classes of the second as in the first.
 *
 * @param train The folder that gives the classes their numbers.
 * @param val The folder to renumber.
 * @returns The images of the second folder whose classes are known, with the first one's classes.
 * @throws {Error} If one of them has no classes, or an image of the second has one that the first lacks.
 */
export function alignClasses(train: ImageFolder, val: ImageFolder): ImageFolder {
  const known = checkClasses(train).classes!;
  const numbered = (nameOf: (name: string) => string) =>
    known.map((name, number) => [nameOf(name), number] as const);
  const composed = (name: string) => name.normalize(); // macOS takes letters and their accents apart
  const numbers = new Map([...numbered(composed), ...numbered((name) => name)]);
  const labelled = checkClasses(val);
  const used = new Set(labelled.labels);
  const aligned = labelled.classes!.map((name) => numbers.get(name) ?? numbers.get(composed(name)));
  const unknown = labelled.classes!.filter((_, i) => used.has(i) && aligned[i] === undefined);
  if (unknown.length > 0) {
    throw new Error(
      `Cannot evaluate ${val.root} against ${train.root}: the classes ${
        nameSome(unknown)
      } are missing there`,
    );
  }
  const labels = Uint32Array.from(labelled.labels!, (label) => aligned[label]!);
  return { ...labelled, classes: known, labels };
}

/** What of some images takes no part in an evaluation, as {@linkcode checkClasses} and {@linkcode alignClasses} note it. */
export function unlabelled(images: ImageFolder, labelled: ImageFolder): readonly LeftOut[] {
  return labelled.leftOut?.slice(images.leftOut?.length ?? 0) ?? [];
}

/**
 * Checks that a folder can be evaluated on.
 *
 * @returns Its images whose classes are known.
 * @throws {Error} If it has no classes.
 */
export function checkClasses(folder: ImageFolder): ImageFolder {
  const { root, paths, classes, labels, leftOut = [] } = folder;
  if (classes === undefined || labels === undefined) {
    throw new Error(
      `Cannot evaluate on ${root}: it has no classes. Put the images of each class in a folder of its own, ` +
        "such as cat/1.jpg and dog/1.jpg",
    );
  }
  const images = Array.from(paths.keys());
  const unknown = images.filter((image) => labels[image] === NO_LABEL);
  if (unknown.length === 0) return folder;
  const examples = unknown.slice(0, 20).map((image) => paths[image]);
  const group = {
    reason: "its class is not known",
    count: unknown.length,
    examples,
    kind: "lost" as const,
  };
  const labelled = selectImages(folder, images.filter((image) => labels[image] !== NO_LABEL));
  return { ...labelled, leftOut: [...leftOut, group] };
}

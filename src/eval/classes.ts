import type { ImageFolder } from "../data/folder.ts";

/**
 * Checks that two folders can be evaluated against each other, and numbers the classes of the second as in the first.
 *
 * @param train The folder that gives the classes their numbers.
 * @param val The folder to renumber.
 * @returns The second folder with the first one's classes.
 * @throws {Error} If one of them tells no classes, or the second has one that the first lacks.
 */
export function alignClasses(train: ImageFolder, val: ImageFolder): ImageFolder {
  const known = classesOf(train);
  const numbers = classesOf(val).map((name) => known.indexOf(name));
  const unknown = classesOf(val).filter((_, i) => numbers[i] < 0);
  if (unknown.length > 0) {
    const more = unknown.length > 3 ? ` and ${unknown.length - 3} more` : "";
    throw new Error(
      `Cannot evaluate ${val.root} against ${train.root}: the classes ` +
        `${unknown.slice(0, 3).join(", ")}${more} are missing there`,
    );
  }
  const labels = Uint32Array.from(val.labels!, (label) => numbers[label]);
  return { ...val, classes: known, labels };
}

/**
 * Checks that a folder can be evaluated on.
 *
 * @returns The folder.
 * @throws {Error} If it tells no classes.
 */
export function checkClasses(folder: ImageFolder): ImageFolder {
  classesOf(folder);
  return folder;
}

function classesOf({ root, classes }: ImageFolder): readonly string[] {
  if (classes !== undefined) return classes;
  throw new Error(
    `Cannot evaluate on ${root}: it tells no classes. Put the images of each class in a folder of its own, ` +
      "such as cat/1.jpg and dog/1.jpg",
  );
}

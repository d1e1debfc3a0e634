import type { ImageFolder, ImageGroups } from "../folder.ts";
import { numberClasses } from "./labels.ts";
import type { LeftOutAccount } from "./left_out.ts";
import type { SampleLocator } from "./sample.ts";

/** One image that a source lists. */
export interface ListedImage {
  /** Its name in the source. */
  readonly name: string;
  /** Where its bytes lie. */
  readonly sample: SampleLocator;
  /** Its class as it is written there; absent where none is. */
  readonly label?: string;
  /** Its score, where one was asked for and is there. */
  readonly score?: number;
}

/** What reading a source collects. */
export interface Listing {
  /** What the source is called. */
  readonly root: string;
  /** Its images, in order. */
  readonly images: readonly ListedImage[];
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
  const { root, images, classes, leftOut, groups } = listing;
  return {
    root,
    paths: images.map(({ name }) => name),
    samples: images.map(({ sample }) => sample),
    ...numberClasses(images.map(({ label }) => label), classes),
    leftOut: leftOut.list(),
    ...groups && { groups },
  };
}

function withScores({ groups: _, ...listing }: Listing, minScore: number): Listing {
  const images = listing.images.filter(({ name, score }) => {
    if (score !== undefined && score >= minScore) return true;
    listing.leftOut.add(
      score === undefined ? "it has no score" : `its score is below ${minScore}`,
      name,
      "expected",
    );
    return false;
  });
  return { ...listing, images };
}

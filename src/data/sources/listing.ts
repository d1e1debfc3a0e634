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

/** The images of a listing as every reader of images takes them. */
export function toImageFolder({ root, images, classes, leftOut, groups }: Listing): ImageFolder {
  return {
    root,
    paths: images.map(({ name }) => name),
    samples: images.map(({ sample }) => sample),
    ...numberClasses(images.map(({ label }) => label), classes),
    leftOut: leftOut.list(),
    ...groups && { groups },
  };
}

/**
 * What a set of images is known by, wherever it lies.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { type ImageFolder, locate } from "./folder.ts";
import { spreadEvenly } from "./sampler.ts";

/** What a set of images is known by: a run resumes with the same one only. */
export interface DataIdentity {
  /** How many images it has. */
  readonly images: number;
  /** The SHA-256 of their names in order. */
  readonly names: string;
  /** The SHA-256 of the sizes in bytes of up to 4,096 of them, spread evenly. */
  readonly sizes: string;
  /** The SHA-256 of what their order depends on beside a seed: how often each is drawn, and which are read together. */
  readonly order: string;
}

/** Images whose sizes are looked at: of all would take minutes on a network's disk. */
const MEASURED = 4096;

/** What a set of images is known by. */
export function identityOf(folder: ImageFolder): DataIdentity {
  const { paths, weights, groups } = folder;
  const names = createHash("sha256"), sizes = createHash("sha256");
  for (const path of paths) names.update(JSON.stringify(path));
  for (const index of spreadEvenly(paths.length, MEASURED)) {
    sizes.update(`${sizeOf(folder, index)},`);
  }
  const order = createHash("sha256").update(weights ?? "").update(JSON.stringify(groups ?? null));
  const [ofNames, ofSizes, ofOrder] = [names, sizes, order].map((hash) => hash.digest("hex"));
  return { images: paths.length, names: ofNames, sizes: ofSizes, order: ofOrder };
}

/** Bytes of an image, or "" where its file is gone. */
function sizeOf(folder: ImageFolder, index: number): number | "" {
  const sample = locate(folder, index);
  if ("length" in sample && sample.length !== undefined) return sample.length;
  if ("entry" in sample) return sample.entry.size;
  try {
    return Deno.statSync(sample.path).size;
  } catch {
    return "";
  }
}

/** How a set of images differs from the one of this identity, to follow "the images"; undefined where it does not. */
export function differenceOf(found: DataIdentity, known: DataIdentity): string | undefined {
  if (found.images !== known.images) {
    return `are now ${found.images}, not the ${known.images} it was trained on`;
  }
  if (found.names !== known.names) return "have other names than those it was trained on";
  if (found.sizes !== known.sizes) return "have other sizes than those it was trained on";
  return found.order === known.order ? undefined : "are drawn in another order than before";
}

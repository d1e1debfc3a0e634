/**
 * What dense evaluations want of a folder's targets.
 *
 * @module
 */
import type { ImageFolder } from "../../data/folder.ts";

/**
 * Checks that a folder has depth maps.
 *
 * @throws {TypeError} If it has none.
 */
export function checkDepthFolder({ root, targets }: ImageFolder): void {
  if (targets?.kind.kind === "depth") return;
  throw new TypeError(
    `Cannot estimate depths in ${root}: it has no depth maps; open it with scanPairedFolder`,
  );
}

/**
 * The number of classes of a folder's masks.
 *
 * @throws {TypeError} If it has no masks.
 */
export function numClassesOf({ root, targets }: ImageFolder): number {
  if (targets?.kind.kind === "labels") return targets.kind.numClasses;
  throw new TypeError(`Cannot segment ${root}: it has no masks; open it with scanPairedFolder`);
}

import { dirname } from "@std/path";
import { statfsSync } from "node:fs";
import { listCheckpoints } from "../checkpoint/retain.ts";
import { byteLength } from "../tensor/bytes.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { gigabytes } from "./memory_estimate.ts";

/**
 * Looks whether a checkpoint fits on the disk of a run folder.
 *
 * @throws {Error} If it does not.
 */
export function requireRoom(folder: string, tensors: Readonly<Record<string, Tensor>>): void {
  const needed = bytesOf(tensors), free = freeSpace(folder);
  if (free === undefined || free >= needed) return;
  throw new Error(
    `Cannot save in ${folder}: a checkpoint takes ${gigabytes(needed)}, and ${
      gigabytes(free)
    } are ` +
      "free on its disk. Free some space, then resume with --resume",
  );
}

/**
 * Looks whether all the checkpoints that a run is going to keep fit on its disk.
 *
 * @returns What to tell where they do not.
 */
export function roomWarning(
  folder: string,
  tensors: Readonly<Record<string, Tensor>>,
  maxToKeep: number,
): string | undefined {
  const free = freeSpace(folder);
  const missing = Math.max(0, maxToKeep - listCheckpoints(folder).length);
  const needed = bytesOf(tensors) * (missing + 1); // one is written before the oldest is removed
  if (free === undefined || free >= needed) return undefined;
  return `Keeping ${maxToKeep} checkpoints needs ${gigabytes(needed)} more in ${folder}, and ` +
    `${gigabytes(free)} are free there: lower checkpointing.max_to_keep, or free some space`;
}

/**
 * Bytes that may still be written to the disk of a path.
 *
 * @param path A file or folder; where it is missing, it is one that is going to be made.
 * @returns Undefined where the system does not tell.
 */
export function freeSpace(path: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize;
  } catch {
    const above = dirname(path);
    return above === path ? undefined : freeSpace(above);
  }
}

function bytesOf(tensors: Readonly<Record<string, Tensor>>): number {
  return Object.values(tensors).reduce((sum, tensor) => sum + byteLength(tensor), 0);
}

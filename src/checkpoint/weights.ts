import type { Device } from "../tensor/device.ts";
import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { fromMetadata } from "./metadata.ts";
import { lastCheckpoint } from "./retain.ts";
import { SafetensorsFile } from "./safetensors.ts";
import { lastTeacher } from "./teacher.ts";

/** A backbone's tensors as a file holds them. */
export interface BackboneWeights {
  /** The tensors under the reference's names, without prefixes and block chunks: `blocks.3.attn.qkv.weight`. */
  readonly tensors: Record<string, Tensor>;
  /** The file they come from. */
  readonly path: string;
  /** What the file says about itself: `iteration`, `config`, … */
  readonly state: Record<string, unknown>;
}

/** Wrappers around a backbone's names. Where a file has one, whatever lies outside it is something else. */
const OWNERS = ["teacher.", "backbone."];
const WRAPPER = /(?<=^|\.)module\./g;
const CHUNKED_BLOCK = /^blocks\.\d+\.(?=\d+\.)/;

/**
 * Reads the backbone from a run folder (its last teacher), a checkpoint of a run (the teacher in it) or any safetensors
 * file with the reference's names.
 *
 * @param path The folder or file.
 * @param options Where to put the tensors. Default: the CPU.
 * @throws {Error} When there are no weights, or they cannot be read.
 */
export function readBackboneWeights(
  path: string,
  options: { device?: Device } = {},
): BackboneWeights {
  const source = weightsFile(path);
  using file = new SafetensorsFile(source);
  const names = [...backboneNames([...file.entries.keys()])];
  const tensors = scope(() =>
    names.map(([stored, name]) => [name, file.read(stored, options)] as const)
  );
  return {
    tensors: Object.fromEntries(tensors),
    path: source,
    state: fromMetadata(file.metadata),
  };
}

/**
 * Picks the names of a backbone's tensors out of a file and says what the reference calls them.
 *
 * @param stored The names in the file.
 * @returns Each picked name with the reference's: `teacher.backbone.blocks.1.6.norm1.bias` with `blocks.6.norm1.bias`.
 */
export function backboneNames(stored: readonly string[]): Map<string, string> {
  let names = stored.map((name) => [name, name.replace(WRAPPER, "")]);
  for (const owner of OWNERS) {
    if (!names.some(([, name]) => name.startsWith(owner))) continue;
    names = names.filter(([, name]) => name.startsWith(owner))
      .map(([key, name]) => [key, name.slice(owner.length)]);
  }
  return new Map(names.map(([key, name]) => [key, name.replace(CHUNKED_BLOCK, "blocks.")]));
}

function weightsFile(path: string): string {
  if (!isFolder(path)) return path;
  const teacher = lastTeacher(path);
  const checkpoint = lastCheckpoint(path);
  const newest = (checkpoint?.iteration ?? -1) > (teacher?.iteration ?? -1) ? checkpoint : teacher;
  if (newest === null) {
    throw new Error(
      `Cannot find weights in "${path}": it holds neither a checkpoint nor a teacher of a run. ` +
        "Name a run folder or a .safetensors file",
    );
  }
  return newest.path;
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false; // what is wrong with it shows when it is opened
  }
}

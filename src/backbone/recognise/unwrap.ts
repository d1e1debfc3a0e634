import { quoted } from "../../files/quoted.ts";
import type { TensorFacts } from "../../checkpoint/tensor_facts.ts";

/** Wrappers around the names of a network that is trained: where both are there, the teacher. */
const TRAINED = ["state_dict.", "model.", "teacher.", "student."];
/** Wrappers around a backbone's names. Where a file has one, whatever lies outside it is something else. */
const OWNERS = [...TRAINED, "backbone.", "dinov2.", "dinov2_with_registers."];
const WRAPPER = /(?<=^|\.)(module|_orig_mod|_fsdp_wrapped_module)\./g;
/** Names that every backbone has, whoever wrote it; what lies before them is its prefix. */
const ANCHOR = /^(|.*\.)(patch_embed\.proj|embeddings\.patch_embeddings\.projection)\.weight$/;

/** A part of a file that may be a backbone. */
export interface Candidate {
  /** What its names begin with in the file, wrappers of training taken off: `teacher.backbone.`. */
  readonly prefix: string;
  /** Its tensors by the names after that. */
  readonly facts: Map<string, TensorFacts>;
  /** Whether it lies where training and libraries put the backbone to use. */
  readonly isUsual: boolean;
}

/** What a name begins with, wrappers and the part that follows them: `teacher.dino_head`. */
export function groupOf(name: string): string {
  const owners = OWNERS.map((owner) => RegExp.escape(owner)).join("|");
  return new RegExp(`^(?:(?:${owners}|module\\.)*)[^.]*`).exec(name)![0];
}

/**
 * Finds what may be a backbone in a file, under whatever prefix.
 *
 * @param entries The tensors in the file.
 * @returns The usual one first, if there is one.
 * @throws {Error} When two tensors of one are called alike; the message begins "Cannot …".
 */
export function unwrap(entries: Iterable<TensorFacts>): Candidate[] {
  const named = unwrapped(entries);
  const usual = prefixOf(named, OWNERS);
  const prefixes = new Set(named.flatMap(({ name }) => ANCHOR.exec(name)?.[1] ?? []));
  return Array.from(prefixes, (prefix) => ({
    prefix,
    facts: within(named, prefix),
    isUsual: prefix === usual,
  })).sort((a, b) => Number(b.isUsual) - Number(a.isUsual));
}

/**
 * Picks out of a file the tensors of projection heads, under the reference's names: `dino_head.mlp.0.weight`.
 *
 * @param entries The tensors in the file.
 */
export function headsIn(entries: Iterable<TensorFacts>): Map<string, TensorFacts> {
  const named = unwrapped(entries);
  const ofNetwork = within(named, prefixOf(named, TRAINED));
  return new Map([...ofNetwork].filter(([name]) => /^(dino|ibot)_head\./.test(name)));
}

interface Named {
  readonly name: string;
  readonly facts: TensorFacts;
}

function unwrapped(entries: Iterable<TensorFacts>): Named[] {
  return Array.from(entries, (facts) => ({ name: facts.name.replace(WRAPPER, ""), facts }));
}

/** The prefix that wrappers leave, each taken off where it is there. */
function prefixOf(named: readonly Named[], owners: readonly string[]): string {
  return owners.reduce(
    (prefix, owner) =>
      named.some(({ name }) => name.startsWith(prefix + owner)) ? prefix + owner : prefix,
    "",
  );
}

function within(named: readonly Named[], prefix: string): Map<string, TensorFacts> {
  const found = new Map<string, TensorFacts>();
  for (const { name, facts } of named.filter(({ name }) => name.startsWith(prefix))) {
    const inner = name.slice(prefix.length);
    if (found.has(inner)) {
      throw new Error(`Cannot load the backbone: two tensors are ${quoted(inner)}`);
    }
    found.set(inner, facts);
  }
  return found;
}

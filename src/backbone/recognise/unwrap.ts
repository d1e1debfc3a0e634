import type { TensorFacts } from "../../checkpoint/tensor_facts.ts";

/** Wrappers around the names of a network that is trained: where both are there, the teacher. */
const TRAINED = ["state_dict.", "model.", "teacher.", "student."];
/** Wrappers around a backbone's names. Where a file has one, whatever lies outside it is something else. */
const OWNERS = [...TRAINED, "backbone.", "dinov2.", "dinov2_with_registers."];
const WRAPPER = /(?<=^|\.)(module|_orig_mod|_fsdp_wrapped_module)\./g;

/** What a name begins with, wrappers and the part that follows them: `teacher.dino_head`. */
export function groupOf(name: string): string {
  const owners = OWNERS.map((owner) => RegExp.escape(owner)).join("|");
  return new RegExp(`^(?:(?:${owners}|module\\.)*)[^.]*`).exec(name)![0];
}

/**
 * Picks out of a file what may belong to a backbone, and takes off what training and libraries wrapped around its names.
 *
 * @param entries The tensors in the file.
 * @returns The picked ones: `teacher.backbone.blocks.1.6.norm1.bias` as `blocks.1.6.norm1.bias`.
 */
export function unwrap(entries: Iterable<TensorFacts>): Map<string, TensorFacts> {
  return withoutOwners(entries, OWNERS);
}

/**
 * Picks out of a file the tensors of projection heads, under the reference's names: `dino_head.mlp.0.weight`.
 *
 * @param entries The tensors in the file.
 */
export function headsIn(entries: Iterable<TensorFacts>): Map<string, TensorFacts> {
  const ofNetwork = withoutOwners(entries, TRAINED);
  return new Map([...ofNetwork].filter(([name]) => /^(dino|ibot)_head\./.test(name)));
}

function withoutOwners(
  entries: Iterable<TensorFacts>,
  owners: readonly string[],
): Map<string, TensorFacts> {
  let named = Array.from(entries, (facts) => ({ name: facts.name.replace(WRAPPER, ""), facts }));
  for (const owner of owners) {
    if (!named.some(({ name }) => name.startsWith(owner))) continue;
    named = named.filter(({ name }) => name.startsWith(owner))
      .map(({ name, facts }) => ({ name: name.slice(owner.length), facts }));
  }
  return new Map(named.map(({ name, facts }) => [name, facts]));
}

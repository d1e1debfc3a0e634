import { listed, quoted } from "../../files/quoted.ts";
import type { NonInferableOptions } from "../../vit/infer_options.ts";
import type { KeyMapping } from "../key_mapping/key_mapping.ts";
import type { TensorFile } from "../../checkpoint/tensor_file.ts";
import { likenessOf } from "./likeness.ts";
import { type RecognisedNetwork, recogniseNetwork } from "./recognise_network.ts";
import { type Candidate, groupOf, unwrap } from "./unwrap.ts";

/** A backbone found in a file. */
export interface RecognisedBackbone extends RecognisedNetwork {
  /** Tensors of the file that are not part of it. */
  readonly leftOver: readonly string[];
  /** Classes of Python objects in the file that are left out because nothing is known of them. */
  readonly skipped?: readonly string[];
  /** Whether its patch embedding was made for other channels out of one for red, green and blue. */
  readonly inflated?: boolean;
}

/**
 * Recognises a backbone in a file: where its names lie and whose they are, then its architecture by its shapes. Only
 * what the file claims is looked at.
 *
 * @param file The file.
 * @param known What is known from elsewhere about a network under a library's names, such as the number of heads.
 * @throws {Error} When there is no backbone or more than one, it lacks tensors or has some that have no place, or they do
 * not fit together; the message begins "Cannot …".
 */
export function recogniseBackbone(
  file: Pick<TensorFile, "entries" | "size" | "skipped">,
  known: (mapping: KeyMapping) => NonInferableOptions,
): RecognisedBackbone {
  const candidates = unwrap(file.entries.values());
  if (candidates.length === 0) throw noBackbone([...file.entries.keys()]);
  const network = theOnlyWhole(candidates, ({ facts }) => {
    try {
      return recogniseNetwork(facts, { size: file.size, known });
    } catch (cause) {
      throw new Error(likened((cause as Error).message, [...facts.keys()]), { cause });
    }
  });
  const used = new Set([...network.origins.values()].flatMap(({ from }) => from));
  const leftOver = [...file.entries.values()].filter((entry) => !used.has(entry))
    .map(({ name }) => name);
  return { ...network, leftOver, skipped: file.skipped };
}

/** The usual candidate's network, else that of the only candidate that is whole. */
function theOnlyWhole(
  candidates: readonly Candidate[],
  recognise: (candidate: Candidate) => RecognisedNetwork,
): RecognisedNetwork {
  const [first, ...others] = candidates;
  if (first.isUsual || others.length === 0) return recognise(first);
  const faults: unknown[] = [];
  const whole = candidates.flatMap((candidate) => {
    try {
      return { network: recognise(candidate), prefix: candidate.prefix };
    } catch (fault) {
      faults.push(fault);
      return [];
    }
  });
  if (whole.length === 0) throw faults[0];
  if (whole.length === 1) return whole[0].network;
  const prefixes = listed(whole.map(({ prefix }) => quoted(prefix)));
  throw new Error(
    `Cannot choose a backbone to load: there is a complete one under each of ${prefixes}. ` +
      "Save the one you want in a file of its own",
  );
}

function noBackbone(names: readonly string[]): Error {
  const held = listed([...new Set(names.map(groupOf))]);
  return new Error(
    likened(`Cannot load a backbone: there is no patch embedding, but ${held}`, names),
  );
}

/** A message with what the file looks like, where that is known. */
function likened(message: string, names: readonly string[]): string {
  const likeness = likenessOf(names);
  if (likeness === undefined) return message;
  return `${message}. Its names are those of ${likeness}, which is not supported`;
}

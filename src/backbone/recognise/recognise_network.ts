import { listed } from "../../files/quoted.ts";
import { zeros } from "../../tensor/create.ts";
import { isFloating } from "../../tensor/dtype.ts";
import { inferOptions, type NonInferableOptions } from "../../vit/infer_options.ts";
import type { VisionTransformerOptions } from "../../vit/options.ts";
import { parameterShapes } from "../../vit/parameter_shapes.ts";
import { byteSize, type TensorFacts } from "../../checkpoint/tensor_facts.ts";
import { huggingFace } from "../key_mapping/hugging_face.ts";
import { reference } from "../key_mapping/reference.ts";
import type { KeyMapping, NamedFacts, Origin } from "../key_mapping/key_mapping.ts";
import { timm } from "../key_mapping/timm.ts";

/** A network that is known by its tensors. */
export interface RecognisedNetwork {
  /** Whose names the file uses. */
  readonly mapping: KeyMapping;
  /** What builds the network. */
  readonly options: VisionTransformerOptions;
  /** Where each of its parameters comes from, by name. */
  readonly origins: ReadonlyMap<string, Origin>;
  /** Parameters that the file does not have and that are zero. */
  readonly madeUp: readonly string[];
}

/**
 * Finds whose names a file uses.
 *
 * @param facts What the file holds, without wrappers.
 */
function mappingOf(facts: NamedFacts): KeyMapping {
  if (facts.has("embeddings.cls_token")) return huggingFace;
  return facts.has("mask_token") && !facts.has("reg_token") ? reference : timm;
}

/**
 * Recognises the network that tensors are of, by their names and shapes. Only what the file claims is looked at.
 *
 * @param tensors The tensors, by their names without prefix.
 * @param options The size of the file in bytes, and what is known from elsewhere about a network under a library's names,
 * such as the number of heads.
 * @throws {Error} When they are not a whole backbone, do not fit together, or some have no place; the message begins "Cannot …".
 */
export function recogniseNetwork(
  tensors: NamedFacts,
  { size, known }: { size: number; known: (mapping: KeyMapping) => NonInferableOptions },
): RecognisedNetwork {
  const facts = withoutDecoder(tensors);
  const mapping = mappingOf(facts);
  const found = mapping.origins(facts);
  const shapes = Object.fromEntries(Array.from(found, ([name, { shape }]) => [name, shape]));
  const options = inferOptions(shapes, known(mapping));
  const expected = parameterShapes(options);
  const madeUp = found.has("mask_token") ? [] : ["mask_token"];
  for (const name of madeUp) found.set(name, zeroOrigin(expected[name]));
  const origins = chosen(found, expected);
  checkSize(origins, size);
  const used = new Set([...origins.values()].flatMap(({ from }) => from));
  requirePlaces([...facts].filter(([, facts]) => !used.has(facts)));
  return { mapping, options, origins, madeUp };
}

/** Without the mask token of a MAE, which is its decoder's and of another width. */
function withoutDecoder(facts: NamedFacts): NamedFacts {
  if (!facts.has("decoder_embed.weight")) return facts;
  return new Map([...facts].filter(([name]) => name !== "mask_token"));
}

/** Parts that stand behind a backbone and take what it computes. */
const BEHIND = /head|^fc|classifi|logits|pooler|proj|predict|decoder|loss|optim|sched|queue|center/;

/**
 * @throws {Error} When tensors of a network, by their names in it, are neither in their place nor behind it: what it computes
 * is something else. Single values, such as a count of steps, are no part of it.
 */
function requirePlaces(unused: readonly (readonly [name: string, facts: TensorFacts])[]): void {
  const unplaced = unused
    .filter(([name, { shape }]) => shape.length > 0 && !BEHIND.test(name.split(".", 1)[0]))
    .map(([name]) => name);
  if (unplaced.length === 0) return;
  throw new Error(
    `Cannot load the backbone: this architecture has no place for its parameters ${
      listed(unplaced)
    }`,
  );
}

function zeroOrigin(shape: readonly number[]): Origin {
  return { from: [], shape, make: () => zeros(shape) };
}

/** The origins of the parameters a network has, all of them, of the right shape and type. */
function chosen(
  found: ReadonlyMap<string, Origin>,
  expected: Readonly<Record<string, readonly number[]>>,
): Map<string, Origin> {
  const missing = Object.keys(expected).filter((name) => !found.has(name));
  if (missing.length > 0) throw new Error(`Cannot load the backbone: it lacks ${listed(missing)}`);
  return new Map(
    Object.entries(expected).map(([name, shape]) => {
      const origin = found.get(name)!;
      if (String(origin.shape) !== String(shape)) {
        throw new Error(
          `Cannot load "${name}" of shape [${origin.shape.join(", ")}] into a parameter of shape [${
            shape.join(", ")
          }]`,
        );
      }
      const whole = origin.from.find(({ dtype }) => !isFloating(dtype));
      if (whole !== undefined) {
        throw new Error(`Cannot load "${name}": its dtype is ${whole.dtype}`);
      }
      return [name, origin];
    }),
  );
}

/** Refuses files whose tensors share their bytes: a small one could claim a network that exhausts memory. */
function checkSize(origins: ReadonlyMap<string, Origin>, size: number): void {
  const claimed = [...origins.values()].flatMap(({ from }) => from)
    .reduce((sum, facts) => sum + byteSize(facts), 0);
  if (claimed <= size) return;
  throw new Error(
    `Cannot load the backbone: its tensors claim ${claimed} bytes of a file of ${size}`,
  );
}

import { zeros } from "../../tensor/create.ts";
import { isFloating } from "../../tensor/dtype.ts";
import { inferOptions, type UntoldOptions } from "../../vit/infer_options.ts";
import type { VisionTransformerOptions } from "../../vit/options.ts";
import { parameterShapes } from "../../vit/parameter_shapes.ts";
import { byteSize } from "../../checkpoint/tensor_facts.ts";
import { huggingFace } from "../key_mapping/hugging_face.ts";
import { reference } from "../key_mapping/reference.ts";
import type { KeyMapping, NamedFacts, Origin } from "../key_mapping/key_mapping.ts";
import { timm } from "../key_mapping/timm.ts";
import type { TensorFile } from "../../checkpoint/tensor_file.ts";
import { unwrap } from "./unwrap.ts";

/** A backbone found in a file. */
export interface RecognisedBackbone {
  /** Whose names the file uses. */
  readonly mapping: KeyMapping;
  /** What builds the network. */
  readonly options: VisionTransformerOptions;
  /** Where each of its parameters comes from, by name. */
  readonly origins: ReadonlyMap<string, Origin>;
  /** Parameters that the file does not have and that are zero. */
  readonly madeUp: readonly string[];
  /** Tensors of the file that are no part of it. */
  readonly leftOver: readonly string[];
  /** Whether its patch embedding was made for other channels out of one for red, green and blue. */
  readonly inflated?: boolean;
}

/**
 * Finds whose names a file uses.
 *
 * @param facts What the file holds, without wrappers.
 */
export function mappingOf(facts: NamedFacts): KeyMapping {
  if (facts.has("embeddings.cls_token")) return huggingFace;
  return facts.has("mask_token") && !facts.has("reg_token") ? reference : timm;
}

/**
 * Recognises a backbone in a file: the wrappers and the library of its names, then its architecture by its shapes. Only
 * what the file claims is looked at.
 *
 * @param file The file.
 * @param known What is known from elsewhere about a network under a library's names, such as the number of heads.
 * @throws {Error} When there is no backbone, it lacks tensors, or they do not fit together; the message begins "Cannot …".
 */
export function recogniseBackbone(
  file: Pick<TensorFile, "entries" | "size">,
  known: (mapping: KeyMapping) => UntoldOptions,
): RecognisedBackbone {
  const facts = unwrap(file.entries.values());
  const mapping = mappingOf(facts);
  const found = mapping.origins(facts);
  const shapes = Object.fromEntries(Array.from(found, ([name, { shape }]) => [name, shape]));
  const options = inferOptions(shapes, known(mapping));
  const expected = parameterShapes(options);
  const madeUp = found.has("mask_token") ? [] : ["mask_token"];
  for (const name of madeUp) found.set(name, zeroOrigin(expected[name]));
  const origins = chosen(found, expected);
  checkSize(origins, file.size);
  const used = new Set([...origins.values()].flatMap(({ from }) => from));
  const leftOver = [...file.entries.values()].filter((entry) => !used.has(entry))
    .map(({ name }) => name);
  return { mapping, options, origins, madeUp, leftOver };
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
  if (missing.length > 0) throw new Error(`Cannot load the backbone: it lacks ${few(missing)}`);
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
        throw new Error(`Cannot load "${name}": it is of type ${whole.dtype}`);
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

function few(names: readonly string[]): string {
  const more = names.length > 6 ? ` and ${names.length - 6} more` : "";
  return names.slice(0, 6).join(", ") + more;
}

import { noGrad } from "../autograd/mode.ts";
import { describeSides, preprocessingOf } from "../backbone/preprocessing.ts";
import type { BackboneFile } from "../backbone/recognise/backbone_file.ts";
import type { Config } from "../config/schema.ts";
import { backboneOptions, type Network } from "../dino/network.ts";
import { cat } from "../tensor/create.ts";
import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { architectureOf } from "../vit/architectures.ts";
import { resolveOptions, type VisionTransformerOptions } from "../vit/options.ts";
import { interpolatePositions } from "../vit/position.ts";
import type { Learner } from "./learner.ts";
import { openPretrained, readPretrained } from "./pretrained_weights.ts";

/**
 * Opens the weights that a run starts from, `student.pretrained_weights`; none is read yet.
 *
 * @throws {Error} If they cannot be read, or are of another network than the run's; the message says what to set.
 */
export function openInitialWeights(config: Config): BackboneFile {
  const file = openPretrained(config, "student");
  const given = settingsOf(file.found.options), asked = settingsOf(backboneOptions(config));
  const faults = Object.keys(given).filter((name) => given[name] !== asked[name]);
  if (faults.length === 0) return file;
  file[Symbol.dispose]();
  const list = (of: typeof given) => faults.map((name) => `${name}=${of[name]}`).join(" ");
  const cure = given["student.arch"] === UNKNOWN ? "Choose" : `Set ${list(given)}, or choose`;
  throw new Error(
    `Cannot start from the weights in "${file.path}": their network has ${list(given)}, ` +
      `but the run has ${list(asked)}. ${cure} other weights`,
  );
}

/**
 * Fills the student and the EMA teacher with the weights of `student.pretrained_weights`, before the first step. The
 * position table is resized to the grid of the global crops as its own network would resize it, so that the features of
 * such crops are those of the file. Heads are taken where the file has some of the same sizes (the reference, which takes
 * the backbone alone, refuses another position table).
 *
 * @returns What was taken, in a sentence.
 * @throws {Error} If they cannot be read, or are of another network than the run's.
 */
export function loadInitialWeights({ config, student, emaTeacher }: Learner): string {
  using file = openInitialWeights(config);
  const { imgSize: side = 0 } = file.found.options;
  const { imgSize, patchSize } = student.backbone.options;
  noGrad(() => {
    for (const [name, parameter] of student.backbone.namedParameters()) {
      scope(() => {
        const weights = readPretrained(file, `backbone.${name}`);
        parameter.copy_(
          name === "pos_embed"
            ? resizedTable(weights, imgSize / patchSize, file.found.options)
            : weights,
        );
      });
    }
  });
  const heads = loadHeads(student, file);
  emaTeacher.loadStateDict(student.stateDict());
  const positions = side === imgSize ? "" : `, positions resized from ${side} to ${imgSize} pixels`;
  const projection = heads.length > 0 ? ` and ${heads.join(" and ")}` : "; heads start at random";
  return `Starting from ${file.path}: its backbone${positions}${projection}`;
}

/**
 * How the evaluations of a run prepare images otherwise than its initial weights specify, in a sentence; undefined
 * where they do not.
 */
export function evaluationNote(
  { path, state }: BackboneFile,
  { data, evaluation, crops }: Config,
): string | undefined {
  const image_size = evaluation.image_size || crops.global_crops_size;
  const own = describeSides(preprocessingOf({}, data.channels, { image_size }));
  const noted = describeSides(preprocessingOf(state, data.channels, { image_size }));
  if (state.preprocessing === undefined || own === noted) return undefined;
  return `Evaluations during training follow the reference's protocol (${own}); ${path} specifies: ${noted}`;
}

/** In the place of an architecture that has no name here. */
const UNKNOWN = "(unknown)";

/** What decides whether weights fit, in the configuration's names. */
function settingsOf(options: VisionTransformerOptions): Record<string, string | number> {
  const resolved = resolveOptions(options);
  const { ffnLayer, initValues } = resolved;
  return {
    "student.arch": architectureOf(resolved) ?? UNKNOWN,
    "student.patch_size": resolved.patchSize,
    "student.ffn_layer": ffnLayer === "mlp" ? ffnLayer : "swiglufused",
    "student.num_register_tokens": resolved.numRegisterTokens,
    "student.layerscale": initValues === 0 ? 0 : 1e-5,
  };
}

/** `[1, 1 + M², D]` to `[1, 1 + side², D]`; the class token's position stays. */
function resizedTable(table: Tensor, side: number, options: VisionTransformerOptions): Tensor {
  const patches = table.narrow(1, 1, table.shape[1] - 1);
  const resized = interpolatePositions(patches, [side, side], options);
  return cat([table.narrow(1, 0, 1), resized], 1);
}

/** Fills the heads that the file has in the same sizes; returns their names. */
function loadHeads(network: Network, file: BackboneFile): string[] {
  const heads = [...network.namedChildren()].filter(([, part]) => part !== network.backbone);
  return heads.flatMap(([head, part]) => {
    const parameters = Object.entries(part.stateDict())
      .map(([name, parameter]) => [`${head}.${name}`, parameter] as const);
    const fits = parameters.every(([name, { shape }]) =>
      String(file.heads.get(name)?.shape) === String(shape)
    );
    if (!fits) return [];
    noGrad(() => {
      for (const [name, parameter] of parameters) {
        scope(() => parameter.copy_(readPretrained(file, name)));
      }
    });
    return [head];
  });
}

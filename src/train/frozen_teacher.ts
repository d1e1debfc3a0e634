import { noGradScope } from "../autograd/mode.ts";
import type { BackboneFile } from "../backbone/recognise/backbone_file.ts";
import type { Config } from "../config/schema.ts";
import type { DinoHeadOptions } from "../dino/head.ts";
import { Network, type NetworkOptions } from "../dino/network.ts";
import { uninitialized } from "../nn/init.ts";
import { type Device, onDevice } from "../tensor/device.ts";
import { openPretrained, readPretrained } from "./pretrained_weights.ts";

/** An opened network that a run distils. */
interface FrozenTeacher extends Disposable {
  /** What it is built from. */
  readonly options: NetworkOptions;
  /** Where its weights are. */
  readonly file: BackboneFile;
}

/**
 * Opens the network that a run distils, `teacher.pretrained_weights`: a backbone of any size with the heads it was trained
 * with. No weight is read yet.
 *
 * @throws {Error} If it cannot be read, has no whole heads, or the student cannot learn from it; the message says what to
 * set.
 */
export function openFrozenTeacher(config: Config): FrozenTeacher {
  const file = openPretrained(config, "teacher");
  try {
    const dinoHead = headOptions(file, "dino_head"), ibotHead = headOptions(file, "ibot_head");
    if (dinoHead === undefined) {
      throw new Error(
        "it has no dino_head. Name a run folder, or a teacher_checkpoint of the reference: released backbones come without heads",
      );
    }
    const { options: backbone } = file.found;
    requireAlike(config, { patchSize: backbone.patchSize, dinoHead, ibotHead });
    const options = { backbone, dinoHead, ...config.ibot.loss_weight > 0 && { ibotHead } };
    requireHeads(file, options);
    return {
      options,
      file,
      [Symbol.dispose]: () => file[Symbol.dispose](),
    };
  } catch (cause) {
    file[Symbol.dispose]();
    throw new Error(`Cannot distil "${file.path}": ${(cause as Error).message}`, { cause });
  }
}

/**
 * Loads the network that a run distils.
 *
 * @returns The network in evaluation mode, without gradients. Dispose of it when done.
 * @throws {Error} If it cannot be read, has no whole heads, or the student cannot learn from it.
 */
export function loadFrozenTeacher(config: Config, device: Device): Network {
  using opened = openFrozenTeacher(config);
  const { file, options } = opened;
  const network = uninitialized(() => new Network(options));
  try {
    for (const [name, parameter] of network.namedParameters()) {
      parameter.requiresGrad = false;
      noGradScope(() => parameter.copy_(readPretrained(file, name)));
    }
    return network.to({ device }).eval();
  } catch (error) {
    network.dispose();
    throw error;
  }
}

/** The sizes of a head in a file, or undefined if it has none. */
function headOptions({ heads }: BackboneFile, head: string): DinoHeadOptions | undefined {
  const [prototypes, bottleneckDim] = heads.get(`${head}.last_layer.weight_v`)?.shape ?? [];
  const layers = [...heads].filter(([name]) =>
    name.startsWith(`${head}.mlp.`) && name.endsWith("weight")
  );
  if (bottleneckDim === undefined || layers.length === 0) return undefined;
  return { prototypes, bottleneckDim, nlayers: layers.length, hiddenDim: layers[0][1].shape[0] };
}

/** @throws {Error} If a tensor of the heads is not there, or not of the shape that the rest of its head asks for. */
function requireHeads({ heads }: BackboneFile, options: NetworkOptions): void {
  using network = onDevice("meta", () => new Network(options));
  for (const [name, { shape }] of network.namedParameters()) {
    const found = heads.get(name);
    if (name.startsWith("backbone.") || String(found?.shape) === String(shape)) continue;
    throw new Error(
      found === undefined
        ? `its ${name} is missing`
        : `its ${name} has the shape [${found.shape.join(", ")}] instead of [${shape.join(", ")}]`,
    );
  }
}

/** @throws {Error} If the student's patches or prototypes are others than the teacher's. */
function requireAlike(
  { student, dino, ibot }: Config,
  { patchSize, dinoHead, ibotHead }: Omit<NetworkOptions, "backbone"> & { patchSize?: number },
): void {
  const settings: Record<string, [ofTeacher: unknown, ofStudent: unknown]> = {
    "student.patch_size": [patchSize, student.patch_size],
    "dino.head_n_prototypes": [dinoHead.prototypes, dino.head_n_prototypes],
    ...ibot.loss_weight > 0 && {
      "ibot.separate_head": [ibotHead !== undefined, ibot.separate_head],
      ...ibotHead && { "ibot.head_n_prototypes": [ibotHead.prototypes, ibot.head_n_prototypes] },
    },
  };
  const faults = Object.entries(settings)
    .filter(([, [ofTeacher, ofStudent]]) => ofTeacher !== ofStudent)
    .map(([setting, [ofTeacher]]) => `${setting}=${ofTeacher}`);
  if (faults.length === 0) return;
  throw new Error(
    `the student must have the same patch size and prototypes: set ${faults.join(" ")}`,
  );
}

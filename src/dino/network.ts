import { toCamelCase } from "@std/text";
import type { Config } from "../config/schema.ts";
import { Module } from "../nn/module.ts";
import { Generator } from "../tensor/random.ts";
import { architectures } from "../vit/architectures.ts";
import type { VisionTransformerOptions } from "../vit/options.ts";
import { VisionTransformer } from "../vit/vision_transformer.ts";
import { DinoHead, type DinoHeadOptions } from "./head.ts";

/** Options of {@linkcode Network}. */
export interface NetworkOptions {
  /** The transformer. */
  backbone: VisionTransformerOptions;
  /** The head for class tokens; for patch tokens too when they have none of their own. */
  dinoHead: DinoHeadOptions;
  /** The head for patch tokens. Default: they share `dinoHead`. */
  ibotHead?: DinoHeadOptions;
  /** Seed of the initial weights. Default: 0. */
  seed?: number;
}

/** A backbone and its projection heads: the student, or the teacher. */
export class Network extends Module {
  /** Images to tokens. */
  backbone: VisionTransformer;
  /** Class tokens to prototypes. */
  dinoHead: DinoHead;
  /** Patch tokens to prototypes of their own; null when `dinoHead` serves both. */
  ibotHead: DinoHead | null;

  /** Builds the network on the CPU. */
  constructor(options: NetworkOptions) {
    super();
    const { seed = 0 } = options;
    this.backbone = new VisionTransformer({ ...options.backbone, seed });
    const width = this.backbone.options.embedDim;
    using generator = new Generator(seed + 1);
    this.dinoHead = new DinoHead(width, { ...options.dinoHead, generator });
    this.ibotHead = options.ibotHead === undefined
      ? null
      : new DinoHead(width, { ...options.ibotHead, generator });
  }
}

/** The student a configuration asks for. */
export function networkOptions(config: Config): NetworkOptions {
  const { dino, ibot, train } = config;
  return {
    backbone: backboneOptions(config),
    dinoHead: headOptions(dino),
    ...(ibot.loss_weight > 0 && ibot.separate_head && { ibotHead: headOptions(ibot) }),
    seed: train.seed,
  };
}

/** The backbone a configuration asks for. Keys of `student` are the transformer's options, in the reference's spelling. */
export function backboneOptions({ student, crops, data }: Config): VisionTransformerOptions {
  const { arch, layerscale, pretrained_weights: _, ...keys } = student;
  const named: Pick<VisionTransformerOptions, CamelCase<keyof typeof keys>> = camelCased(keys);
  return {
    ...architectures[arch],
    ...named,
    imgSize: crops.global_crops_size,
    inChans: data.channels,
    initValues: layerscale,
  };
}

/** `drop_path_rate` becomes `dropPathRate`. */
type CamelCase<Key> = Key extends `${infer First}_${infer Rest}`
  ? `${First}${Capitalize<CamelCase<Rest>>}`
  : Key;

function camelCased<T extends object>(keys: T): { [K in keyof T as CamelCase<K>]: T[K] } {
  const entries = Object.entries(keys).map(([key, value]) => [toCamelCase(key), value]);
  return Object.fromEntries(entries);
}

function headOptions(head: Config["dino"] | Config["ibot"]): DinoHeadOptions {
  return {
    prototypes: head.head_n_prototypes,
    hiddenDim: head.head_hidden_dim,
    bottleneckDim: head.head_bottleneck_dim,
    nlayers: head.head_nlayers,
  };
}

/**
 * The vision transformer of DINOv2. In shapes: B images, C channels, H x W pixels, N patches, R
 * registers, D token width.
 *
 * @module
 */
import { type Cost, sumCosts } from "../nn/cost.ts";
import { truncNormal } from "../nn/init.ts";
import { LayerNorm } from "../nn/layer_norm.ts";
import { Module, parameter } from "../nn/module.ts";
import { cat, empty, where, zeros } from "../tensor/create.ts";
import { Generator, randperm } from "../tensor/random.ts";
import { scope } from "../tensor/scope.ts";
import { Tensor } from "../tensor/tensor.ts";
import { Block } from "./block.ts";
import { drawKept, keptCount, type PermutationSource } from "./drop_path.ts";
import type { ClsAttention, Features, IntermediateLayer } from "./features.ts";
import {
  dropPathRates,
  type ResolvedVisionTransformerOptions,
  resolveOptions,
  type VisionTransformerOptions,
} from "./options.ts";
import { pack, type Packed, unpack } from "./packing.ts";
import { PatchEmbed } from "./patch_embed.ts";
import { interpolatePositions } from "./position.ts";

/** Options of {@linkcode VisionTransformer.forwardFeatures}. */
export interface ForwardFeaturesOptions<Masks> {
  /**
   * True where a patch is replaced by the mask token, `[B, N]` for each batch. Default: nowhere.
   */
  masks?: Masks;
  /**
   * Where stochastic depth takes its permutations from: per block, attention then feed-forward
   * branch, in each group by group. Default: libtorch's global generator.
   */
  permutation?: PermutationSource;
}

/** Options of {@linkcode VisionTransformer.getIntermediateLayers}. */
export interface IntermediateLayersOptions {
  /** How many of the last blocks, or which blocks, counted from 0. Default: 1. */
  n?: number | readonly number[];
  /** Whether patches come as a grid, `[B, D, rows, columns]`. Default: false. */
  reshape?: boolean;
  /** Whether the final norm is applied to each output. Default: true. */
  norm?: boolean;
}

/** Options of {@linkcode VisionTransformer.clsAttention}. */
export interface ClsAttentionOptions {
  /** Which block, counted from 0. Default: the last. */
  block?: number;
}

/** Square crops of one size. */
export interface SquareCrops {
  /** How many. */
  readonly batch: number;
  /** Side in pixels. */
  readonly side: number;
}

/** Options of {@linkcode VisionTransformer.cost}. */
export interface CostOptions {
  /** Whether stochastic depth leaves out what it drops. Default: false. */
  readonly dropping?: boolean;
}

/** A vision transformer with class, register and mask tokens. */
export class VisionTransformer extends Module {
  /** `[1, 1, D]`. */
  clsToken: Tensor;
  /** The class token's position, then the table's rows: `[1, 1 + M², D]`. */
  posEmbed: Tensor;
  /** `[1, R, D]`, or null without registers. */
  registerTokens: Tensor | null;
  /** What masked patches become, `[1, D]`. */
  maskToken: Tensor;
  /** From pixels to tokens. */
  patchEmbed: PatchEmbed;
  /** The blocks in order. */
  blocks: Block[];
  /** The final norm. */
  norm: LayerNorm;
  /** The options it was built with. */
  readonly options: Readonly<ResolvedVisionTransformerOptions>;

  /**
   * Builds the model on the CPU with the reference's initialisation.
   *
   * @param options What differs from ViT-B/16.
   * @throws {RangeError} If the options do not go together.
   */
  constructor(options: VisionTransformerOptions = {}) {
    super();
    this.options = resolveOptions(options);
    const { imgSize, patchSize, embedDim, depth, numHeads, numRegisterTokens } = this.options;
    using generator = new Generator(this.options.seed);
    const entries = 1 + (imgSize / patchSize) ** 2;
    const small = (shape: number[]) => parameter(empty(shape).normal_({ std: 1e-6, generator }));
    this.clsToken = small([1, 1, embedDim]);
    this.posEmbed = parameter(truncNormal([1, entries, embedDim], { generator }));
    this.registerTokens = numRegisterTokens > 0 ? small([1, numRegisterTokens, embedDim]) : null;
    this.maskToken = parameter(zeros([1, embedDim]));
    this.patchEmbed = new PatchEmbed(patchSize, embedDim, { ...this.options, generator });
    this.blocks = Array.from(
      { length: depth },
      () => new Block(embedDim, numHeads, { ...this.options, generator }),
    );
    this.norm = new LayerNorm(embedDim);
  }

  /**
   * The class token after the final norm: one feature vector per image.
   *
   * @param images `[B, C, H, W]`, sides in whole patches.
   * @returns `[B, D]`.
   */
  forward(images: Tensor): Tensor {
    if (this.training && this.options.dropPathRate > 0) {
      return scope(() => this.forwardFeatures(images).xNormClstoken);
    }
    return scope(() => {
      const { tokens, groups: [group] } = this.#encode(
        pack([this.#embed(images, null)]),
        this.blocks.slice(0, -1),
      );
      // Of the last block's outputs only the class token is wanted: the others are not computed.
      return this.norm.forward(this.blocks.at(-1)!.forwardCls(tokens, group));
    });
  }

  /**
   * All features of a batch of images. In training, stochastic depth treats it as a list of one; at rates up to 0.1 the
   * reference would drop sample by sample here, a branch that its training never takes.
   *
   * @param images `[B, C, H, W]`, sides in whole patches.
   * @param options Masks and the source of randomness.
   * @returns Features of the batch.
   * @throws {TypeError} If images or masks have the wrong shape.
   */
  forwardFeatures(images: Tensor, options?: ForwardFeaturesOptions<Tensor>): Features;
  /**
   * All features of several batches, each of its own size, in one packed pass.
   *
   * @param images Crop groups, each `[B, C, H, W]`.
   * @param options Masks, one entry for each group, and the source of randomness.
   * @returns Features of each group.
   * @throws {TypeError} If images or masks have the wrong shape, or there are not as many of both.
   */
  forwardFeatures(
    images: readonly Tensor[],
    options?: ForwardFeaturesOptions<readonly (Tensor | null)[]>,
  ): Features[];
  forwardFeatures(
    images: Tensor | readonly Tensor[],
    options: ForwardFeaturesOptions<Tensor | readonly (Tensor | null)[]> = {},
  ): Features | Features[] {
    const crops = images instanceof Tensor ? [images] : images;
    const masks = options.masks instanceof Tensor
      ? [options.masks]
      : options.masks ?? crops.map(() => null);
    if (crops.length === 0 || masks.length !== crops.length) {
      throw new TypeError(
        `Cannot encode ${crops.length} crop groups with ${masks.length} masks: ` +
          "give at least one group, and a mask or null for each",
      );
    }
    const features = scope(() => {
      const tokens = crops.map((crop, i) => this.#embed(crop, masks[i]));
      const dropping = this.training && this.options.dropPathRate > 0;
      const { tokens: prenorm, groups } = dropping
        ? pack(this.#encodeDropping(tokens, options.permutation ?? defaultPermutation))
        : this.#encode(pack(tokens));
      const whole = unpack(prenorm, groups);
      return unpack(this.norm.forward(prenorm), groups).map((normed, i): Features => ({
        ...this.#splitTokens(normed),
        xPrenorm: whole[i],
        masks: masks[i],
      }));
    });
    return images instanceof Tensor ? features[0] : features;
  }

  /**
   * The outputs of chosen blocks as features, without stochastic depth.
   *
   * @param images `[B, C, H, W]`, sides in whole patches.
   * @param options Which blocks, and in what form.
   * @returns One entry per block, from the first to the last.
   * @throws {RangeError} If a chosen block does not exist.
   */
  getIntermediateLayers(
    images: Tensor,
    options: IntermediateLayersOptions = {},
  ): IntermediateLayer[] {
    const { n = 1, reshape = false, norm = true } = options;
    const { depth, embedDim } = this.options;
    const chosen = typeof n === "number" ? lastBlocks(n, depth) : n;
    const absent = chosen.find((i) => !isBlock(i, depth));
    if (absent !== undefined) throw absentBlock(absent, depth);
    const [rows, columns] = this.patchEmbed.grid(images.shape);
    return scope(() => {
      const taps: IntermediateLayer[] = [];
      const packed = pack([this.#embed(images, null)]);
      this.#encode(packed, this.blocks, (i, tokens) => {
        if (!chosen.includes(i)) return;
        const [whole] = unpack(norm ? this.norm.forward(tokens) : tokens, packed.groups);
        const { xNormPatchtokens: patches, xNormClstoken: cls } = this.#splitTokens(whole);
        const shape = [images.shape[0], embedDim, rows, columns];
        taps.push({ patches: reshape ? patches.transpose(1, 2).reshape(shape) : patches, cls });
      });
      return taps;
    });
  }

  /**
   * What the class token of a block attends to, head by head.
   *
   * @param images `[B, C, H, W]`, sides in whole patches.
   * @param options Which block.
   * @returns The weights by kind of token; over all kinds they sum to 1.
   * @throws {RangeError} If the block does not exist.
   */
  clsAttention(images: Tensor, options: ClsAttentionOptions = {}): ClsAttention {
    const { depth, numRegisterTokens: registers } = this.options;
    const { block = depth - 1 } = options;
    if (!isBlock(block, depth)) throw absentBlock(block, depth);
    return scope(() => {
      const packed = pack([this.#embed(images, null)]);
      const { tokens, groups: [group] } = this.#encode(packed, this.blocks.slice(0, block));
      const { norm1, attn } = this.blocks[block];
      const weights = attn.clsWeights(norm1.forward(tokens), group); // [B, H, 1 + R + N]
      return {
        cls: weights.select(2, 0),
        registers: weights.narrow(2, 1, registers),
        patches: weights.narrow(2, 1 + registers, group.length - 1 - registers),
      };
    });
  }

  /**
   * Cost of a forward pass over square crops.
   *
   * @param crops How many, and their side in pixels.
   * @param options Whether stochastic depth leaves out what it drops. Default: it drops nothing.
   * @throws {TypeError} If a side is not in whole patches.
   */
  cost({ batch, side }: SquareCrops, { dropping = false }: CostOptions = {}): Cost {
    if (batch === 0) return sumCosts([]);
    const { inChans, numRegisterTokens } = this.options;
    const [rows, columns] = this.patchEmbed.grid([batch, inChans, side, side]);
    const length = 1 + numRegisterTokens + rows * columns;
    const rates = dropPathRates(this.options);
    return sumCosts([
      this.patchEmbed.cost(batch * rows * columns),
      ...this.blocks.map((block, i) =>
        block.cost({ batch: dropping ? keptCount(batch, rates[i]) : batch, length })
      ),
      this.norm.cost(batch * length),
    ]);
  }

  /**
   * Images to tokens, `[B, 1 + R + N, D]`: masked patches replaced, then positions added, except to
   * registers.
   */
  #embed(images: Tensor, mask: Tensor | null): Tensor {
    const { numRegisterTokens, embedDim } = this.options;
    const grid = this.patchEmbed.grid(images.shape);
    const batch = images.shape[0];
    let patches = this.patchEmbed.forward(images); // [B, N, D]
    if (mask !== null) patches = where(patchMask(mask, [batch, grid]), this.maskToken, patches);
    const entries = this.posEmbed.shape[1] - 1;
    const positions = interpolatePositions(this.posEmbed.narrow(1, 1, entries), grid, this.options);
    const cls = this.clsToken.add(this.posEmbed.narrow(1, 0, 1)).expand([batch, 1, embedDim]);
    const registers = this.registerTokens?.expand([batch, numRegisterTokens, embedDim]);
    return cat([cls, ...(registers ? [registers] : []), patches.add(positions)], 1);
  }

  /** Runs blocks. Inputs of blocks are freed as it goes: autograd holds on to what it needs. */
  #encode(
    { tokens, groups }: Packed,
    blocks: readonly Block[] = this.blocks,
    tap?: (block: number, tokens: Tensor) => void,
  ): Packed {
    for (const [i, block] of blocks.entries()) {
      const input = tokens;
      tokens = scope(() => block.forward(input, groups));
      input.dispose();
      tap?.(i, tokens);
    }
    return { tokens, groups };
  }

  /** Runs the blocks with stochastic depth. Blocks that drop nothing draw nothing. */
  #encodeDropping(xs: Tensor[], permutation: PermutationSource): Tensor[] {
    const rates = dropPathRates(this.options);
    const kept = drawKept(
      xs.map((x) => x.shape[0]),
      rates.filter((rate) => rate > 0).flatMap((rate) => [rate, rate]), // two branches each
      { permutation, device: xs[0].device },
    ).values();
    for (const [i, block] of this.blocks.entries()) {
      const inputs = xs;
      xs = scope(() => {
        if (rates[i] > 0) {
          return block.forwardKept(inputs, [kept.next().value!, kept.next().value!]);
        }
        const { tokens, groups } = pack(inputs);
        return unpack(block.forward(tokens, groups), groups);
      });
      inputs.forEach((input) => input.dispose());
    }
    return xs;
  }

  /** Class, register and patch tokens, as views. */
  #splitTokens(
    tokens: Tensor,
  ): Pick<Features, "xNormClstoken" | "xNormRegtokens" | "xNormPatchtokens"> {
    const { numRegisterTokens: registers } = this.options;
    return {
      xNormClstoken: tokens.select(1, 0),
      xNormRegtokens: tokens.narrow(1, 1, registers),
      xNormPatchtokens: tokens.narrow(1, 1 + registers, tokens.shape[1] - 1 - registers),
    };
  }
}

function defaultPermutation(batch: number): ArrayLike<number | bigint> {
  return scope(() => randperm(batch).toArray() as BigInt64Array);
}

function lastBlocks(count: number, depth: number): number[] {
  return Array.from({ length: count }, (_, i) => depth - count + i);
}

function isBlock(index: number, depth: number): boolean {
  return Number.isInteger(index) && index >= 0 && index < depth;
}

function absentBlock(index: number, depth: number): RangeError {
  return new RangeError(`There is no block ${index}: the model has blocks 0 to ${depth - 1}`);
}

function patchMask(mask: Tensor, [batch, [rows, columns]]: [number, [number, number]]): Tensor {
  const [images, patches] = mask.shape;
  if (mask.ndim !== 2 || images !== batch || patches !== rows * columns || mask.dtype !== "bool") {
    throw new TypeError(
      `Cannot mask ${batch} x ${rows * columns} patches with a ${mask.dtype} tensor of shape [${
        mask.shape.join(", ")
      }]: expected bool [${batch}, ${rows * columns}]`,
    );
  }
  return mask.unsqueeze(-1); // [B, N, 1]
}

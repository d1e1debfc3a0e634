import { join } from "@std/path";
import { noGradScope } from "../../src/autograd/mode.ts";
import { readSafetensors, writeSafetensors } from "../../src/checkpoint/safetensors.ts";
import { loadBackbone } from "../../src/backbone/backbone.ts";
import { exportBackbone } from "../../src/backbone/export/export_backbone.ts";
import { pythonCode } from "../../src/backbone/export/python_code.ts";
import { cat } from "../../src/tensor/create.ts";
import { Generator, randn } from "../../src/tensor/random.ts";
import { scope } from "../../src/tensor/scope.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";
import { VisionTransformer } from "../../src/vit/vision_transformer.ts";
import { runPython } from "../bench/python.ts";

/** A model that both sides can build. */
export interface LibraryModel {
  /** Whose model. */
  readonly library: "hf" | "timm";
  readonly width: number;
  readonly depth: number;
  readonly heads: number;
  /** Side in pixels of images of the position table's size. */
  readonly side: number;
  readonly patch: number;
  readonly registers: number;
  /** Whether the feed-forward layers are SwiGLU. */
  readonly gated: boolean;
  /** Rows and columns of pixels of the images to compare. */
  readonly sizes: readonly (readonly [number, number])[];
}

/** What a comparison found. */
export interface Agreement {
  /** The model. */
  readonly model: LibraryModel;
  /** The smallest cosine between a token of ours and of theirs. */
  readonly cosine: number;
}

const SCRIPT = "../backbone/libraries.py";

/**
 * Has Python make models with random weights, and compares their features with those of what Deino reads.
 *
 * @returns What was found for each model, or null where Python lacks the libraries.
 */
export async function fromLibraries(
  models: readonly LibraryModel[],
  folder: string,
): Promise<Agreement[] | null> {
  const placed = models.map((model, i) => place(model, join(folder, `made${i}`)));
  if (!await python("make", placed)) return null;
  return placed.map((model) => {
    using vit = loadBackbone(model.path, { numHeads: model.heads, positions: model.library }).model;
    return { model, cosine: agreement(vit, model.features) };
  });
}

/**
 * Exports models with random weights, and compares Deino's features with those Python computes from the exports.
 *
 * @returns What was found for each model, or null where Python lacks the libraries.
 */
export async function toLibraries(
  models: readonly LibraryModel[],
  folder: string,
): Promise<Agreement[] | null> {
  const placed = models.map((model, i) => place(model, join(folder, `exported${i}`)));
  for (const model of placed) {
    using vit = randomModel(model);
    model.python = pythonCode(model.path, model.library, vit.options);
    exportBackbone({ model: vit, state: {} }, model.path, model.library);
    scope(() => {
      const images = model.sizes.map(([rows, columns]) => [
        `${rows}x${columns}.input`,
        randn([1, 3, rows, columns]),
      ]);
      writeSafetensors(model.features, Object.fromEntries(images));
    });
  }
  if (!await python("run", placed)) return null;
  return placed.map((model) => {
    using vit = randomModel(model);
    return { model, cosine: agreement(vit, model.features) };
  });
}

interface PlacedModel extends LibraryModel {
  /** Where its weights are. */
  readonly path: string;
  /** Where inputs and features are. */
  readonly features: string;
  /** What Python opens an export with. */
  python?: string;
}

function place(model: LibraryModel, name: string): PlacedModel {
  const path = model.library === "hf" ? name : `${name}.safetensors`;
  return { ...model, path, features: `${name}_features.safetensors` };
}

/** A backbone all of whose weights are random, the same each time, with positions resized by the library's rule. */
function randomModel(model: LibraryModel): VisionTransformer {
  const vit = new VisionTransformer({
    embedDim: model.width,
    depth: model.depth,
    numHeads: model.heads,
    imgSize: model.side,
    patchSize: model.patch,
    numRegisterTokens: model.registers,
    ffnLayer: model.gated ? "swiglu" : "mlp",
    initValues: 1,
    interpolateOffset: 0,
    interpolateAntialias: model.library === "timm" || model.registers > 0,
  }).eval();
  using generator = new Generator(1);
  noGradScope(() => {
    for (const value of vit.parameters()) value.add_(randn(value.shape, { generator }).mul(0.05));
  });
  return vit;
}

async function python(mode: string, models: readonly PlacedModel[]): Promise<boolean> {
  const modules = "torch, safetensors, transformers, timm";
  return await runPython(SCRIPT, [mode, JSON.stringify(models)], { modules }) !== null;
}

/** The smallest cosine between a token of ours and of theirs. */
function agreement(vit: VisionTransformer, path: string): number {
  return noGradScope(() => {
    const { tensors } = readSafetensors(path);
    const inputs = Object.entries(tensors).filter(([name]) => name.endsWith(".input"));
    const cosines = inputs.map(([name, images]) => {
      const { xNormClstoken, xNormRegtokens, xNormPatchtokens } = vit.forwardFeatures(images);
      const ours = cat([xNormClstoken.unsqueeze(1), xNormRegtokens, xNormPatchtokens], 1);
      return cosine(ours, tensors[name.replace(".input", ".theirs")]);
    });
    return Math.min(...cosines);
  });
}

/** The smallest cosine of vectors along the last dimension. */
function cosine(a: Tensor, b: Tensor): number {
  const product = (x: Tensor, y: Tensor) =>
    x.to({ dtype: "float64" }).mul(y.to({ dtype: "float64" })).sum(-1);
  return product(a, b).div(product(a, a).mul(product(b, b)).sqrt()).min().item();
}

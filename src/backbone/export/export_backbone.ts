import { noGradScope } from "../../autograd/mode.ts";
import type { PositionRule } from "../recognise/known_options.ts";
import type { ExportFormat } from "./formats.ts";
import { writeBackbone } from "./write_backbone.ts";
import { cat } from "../../tensor/create.ts";
import { Generator, randn } from "../../tensor/random.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { VisionTransformer } from "../../vit/vision_transformer.ts";
import { type Backbone, loadBackbone } from "../backbone.ts";

/** Whose rule resizes positions where a format is used. */
const RULES: Record<ExportFormat, PositionRule | undefined> = {
  safetensors: undefined, // it notes the backbone's own
  pth: "reference",
  hf: "hf",
  timm: "timm",
};

/** Features of order 1 in float32; what remains is the order of sums. */
const TOLERANCE = 1e-4;

/** How far the features of an export are from those of the backbone. */
export interface ExportDifference {
  /** Rows and columns of pixels of the image that was compared. */
  readonly size: readonly [number, number];
  /** The largest difference in any token after the final norm. */
  readonly largest: number;
}

/** The result of an export. */
export interface ExportResult {
  /** For an image of the table's own size, where no positions are resized: rounding at most. */
  readonly own: ExportDifference;
  /** For a wider one, with the position interpolation of the format's library. */
  readonly resized: ExportDifference;
}

/**
 * Writes a backbone for other programs, reads it back and compares features.
 *
 * @param backbone The backbone.
 * @param path The file, or the folder for the format "hf".
 * @param format What to write.
 * @throws {Error} If it cannot be written, or what is read back computes other features.
 */
export function exportBackbone(
  backbone: Pick<Backbone, "model" | "state">,
  path: string,
  format: ExportFormat,
): ExportResult {
  const { model, state } = backbone;
  const { options } = model;
  writeBackbone(path, format, { tensors: model.stateDict(), options, state });
  using copy = loadBackbone(path, {
    numHeads: options.numHeads,
    positions: RULES[format],
    device: model.clsToken.device,
  }).model;
  const { imgSize, patchSize } = options;
  const own = difference(model, copy, [imgSize, imgSize]);
  if (!(own.largest <= TOLERANCE)) {
    throw new Error(
      `Cannot verify "${path}": read back, its features differ from the backbone's by up to ${own.largest}`,
    );
  }
  return { own, resized: difference(model, copy, [imgSize, imgSize + 2 * patchSize]) };
}

function difference(
  a: VisionTransformer,
  b: VisionTransformer,
  size: readonly [number, number],
): ExportDifference {
  using generator = new Generator(0);
  const largest = noGradScope(() => {
    const image = randn([1, a.options.inChans, ...size], { generator })
      .to({ device: a.clsToken.device });
    const [ours, theirs] = [a, b].map((model) => tokens(model, image));
    return ours.sub(theirs).abs().max().item();
  });
  return { size, largest };
}

/** Every token after the final norm, `[B, 1 + R + N, D]`. */
function tokens(model: VisionTransformer, images: Tensor): Tensor {
  const { xNormClstoken, xNormRegtokens, xNormPatchtokens } = model.forwardFeatures(images);
  return cat([xNormClstoken.unsqueeze(1), xNormRegtokens, xNormPatchtokens], 1);
}

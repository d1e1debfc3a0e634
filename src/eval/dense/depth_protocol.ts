import type { CropBox } from "../../data/augment/crop_box.ts";

/** Sides of an image in pixels. */
export interface ImageSize {
  /** Rows. */
  readonly height: number;
  /** Columns. */
  readonly width: number;
}

/** How images are seen when linear depth estimation is trained and tested. */
export interface DepthProtocol {
  /** Least depth in metres. */
  readonly minDepth: number;
  /** Greatest depth in metres; what lies beyond is not scored. */
  readonly maxDepth: number;
  /** How many blocks the head sees: 1 or 4, see {@linkcode depthBlocks}. */
  readonly layers: 1 | 4;
  /** Rows and columns of a training view. */
  readonly cropSize: readonly [number, number];
  /**
   * The part of an image that is trained on.
   *
   * @throws {RangeError} If the protocol does not fit such images.
   */
  readonly trainWindow: (image: ImageSize) => CropBox;
  /**
   * The part of an image that is scored.
   *
   * @throws {RangeError} If the protocol does not fit such images.
   */
  readonly evalWindow: (image: ImageSize) => CropBox;
}

/** Data sets whose protocol is known; `plain` is any other, trained and scored on whole images. */
export const depthDatasets = ["nyu", "kitti", "plain"] as const;

/** One of {@linkcode depthDatasets}. */
export type DepthDataset = typeof depthDatasets[number];

/** What differs from the reference's settings in {@linkcode depthProtocol}. */
export interface DepthProtocolOptions {
  /** Whose protocol. Default: `nyu`. */
  dataset?: DepthDataset;
  /** How many blocks the head sees. Default: 1. */
  layers?: 1 | 4;
  /** Greatest depth in metres. Default: 10, or 80 for `kitti`. */
  maxDepth?: number;
  /** Rows and columns of a training view. Default: 416 x 544, or 352 x 704 for `kitti`. */
  cropSize?: readonly [number, number];
}

const MIN_DEPTH = 1e-3;
const NYU = { height: 480, width: 640 };

const whole = (image: ImageSize): CropBox => ({ top: 0, left: 0, ...image });

const DATASETS: Readonly<
  Record<DepthDataset, Omit<DepthProtocol, "minDepth" | "layers">>
> = {
  nyu: {
    maxDepth: 10,
    cropSize: [416, 544],
    trainWindow: (image) => nyuWindow(image, { rows: [45, 472], columns: [43, 608] }),
    evalWindow: (image) => nyuWindow(image, { rows: [45, 471], columns: [41, 601] }),
  },
  kitti: { maxDepth: 80, cropSize: [352, 704], trainWindow: whole, evalWindow: gargWindow },
  plain: { maxDepth: 10, cropSize: [416, 544], trainWindow: whole, evalWindow: whole },
};

/**
 * The reference's settings of linear depth estimation: NYU Depth V2 without its white border and scored in Eigen's
 * window, or KITTI in Garg's.
 *
 * Source: `dinov2/hub/depthers.py`; Monocular-Depth-Estimation-Toolbox; Garg et al. 2016.
 *
 * @throws {RangeError} If a depth or size is out of range.
 */
export function depthProtocol(options: DepthProtocolOptions = {}): DepthProtocol {
  const { dataset = "nyu", layers = 1 } = options;
  const known = DATASETS[dataset];
  const { maxDepth = known.maxDepth, cropSize = known.cropSize } = options;
  if (!(maxDepth > MIN_DEPTH && maxDepth < Infinity)) {
    throw new RangeError(`Cannot estimate depths up to ${maxDepth} m: give more than ${MIN_DEPTH}`);
  }
  if (cropSize.length !== 2 || cropSize.some((side) => !Number.isInteger(side) || side < 1)) {
    throw new RangeError(
      `Cannot train on views of ${cropSize.join(" x ")} pixels: give two whole numbers from 1`,
    );
  }
  return { ...known, minDepth: MIN_DEPTH, layers, maxDepth, cropSize };
}

function nyuWindow(
  { height, width }: ImageSize,
  { rows, columns }: Record<"rows" | "columns", readonly [number, number]>,
): CropBox {
  if (height !== NYU.height || width !== NYU.width) {
    throw new RangeError(
      `Cannot use NYU's windows on an image of ${width}x${height} pixels, only on ` +
        `${NYU.width}x${NYU.height}: choose the data set "plain"`,
    );
  }
  const [top, left] = [rows[0], columns[0]];
  return { top, left, height: rows[1] - top, width: columns[1] - left };
}

function gargWindow({ height, width }: ImageSize): CropBox {
  const between = (side: number, from: number, to: number) =>
    [Math.trunc(from * side), Math.trunc(to * side)] as const;
  const [top, bottom] = between(height, 0.40810811, 0.99189189);
  const [left, right] = between(width, 0.03594771, 0.96405229);
  return { top, left, height: bottom - top, width: right - left };
}

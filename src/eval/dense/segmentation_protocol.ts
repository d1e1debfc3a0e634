/** How images are seen when a linear segmentation is trained and tested. */
export interface SegmentationProtocol {
  /** Short side of the images, and side of crops and windows, in pixels. */
  readonly imageSize: number;
  /** How many of the last blocks the head sees. */
  readonly blocks: number;
  /** Least and greatest factor on the short side in training. */
  readonly ratioRange: readonly [number, number];
  /** Factors on the short side that are tested and averaged. */
  readonly scales: readonly number[];
  /** Whether mirrored images are tested and averaged too. */
  readonly flip: boolean;
  /** Pixels from one window to the next. */
  readonly stride: number;
}

/** What differs from the reference's settings in {@linkcode segmentationProtocol}. */
export interface SegmentationProtocolOptions {
  /** Whether to use four blocks, larger images, several scales and mirrored images ("+ms"). Default: false. */
  ms?: boolean;
  /** Short side of the images, and side of crops and windows, in pixels. Default: 512, or 640 with `ms`. */
  imageSize?: number;
  /** Pixels from one window to the next. Default: two thirds of the image size, or half of it with `ms`. */
  stride?: number;
}

const MS_SCALES = [1, 1.32, 1.73, 2.28, 3];

/**
 * The reference's settings of linear segmentation, on ADE20K and VOC alike. The stride of "+ms" is not published: half a
 * window is custom.
 *
 * Source: the released configurations `dinov2_*_linear_config.py` and `dinov2_*_ms_config.py`; paper, section 7.4.
 *
 * @throws {RangeError} If a size is out of range.
 */
export function segmentationProtocol(
  options: SegmentationProtocolOptions = {},
): SegmentationProtocol {
  const { ms = false, imageSize = ms ? 640 : 512 } = options;
  const stride = options.stride ?? Math.max(1, Math.floor(imageSize * (ms ? 1 / 2 : 2 / 3)));
  if (!Number.isInteger(imageSize) || imageSize < 1 || !(stride >= 1 && stride <= imageSize)) {
    throw new RangeError(
      `Cannot segment images of ${imageSize} pixels with windows ${stride} apart: ` +
        "give whole numbers from 1, the second at most the first",
    );
  }
  return {
    imageSize,
    stride,
    blocks: ms ? 4 : 1,
    ratioRange: ms ? [1, 3] : [0.5, 2],
    scales: ms ? MS_SCALES : [1],
    flip: ms,
  };
}

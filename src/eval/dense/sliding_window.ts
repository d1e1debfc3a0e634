import type { CropBox } from "../../data/augment/crop_box.ts";
import { cat, zeros } from "../../tensor/create.ts";
import { scope } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** How an image is cut into windows. */
interface WindowOptions {
  /** Side of the square windows in pixels; smaller where the image is. */
  readonly size: number;
  /** Pixels from one window to the next. */
  readonly stride: number;
}

/**
 * The windows that cover an image, row by row. The last of each row and column is moved back until it fits.
 *
 * Source: `mmseg/models/segmentors/encoder_decoder.py`, `slide_inference`.
 *
 * @throws {RangeError} If a stride would leave gaps.
 */
export function windowsOf(
  image: { readonly height: number; readonly width: number },
  { size, stride }: WindowOptions,
): CropBox[] {
  if (!(stride >= 1 && stride <= size)) {
    throw new RangeError(`Cannot slide a window of ${size} by ${stride}: give 1 to ${size}`);
  }
  const starts = (side: number) =>
    Array.from(
      { length: Math.ceil(Math.max(0, side - size) / stride) + 1 },
      (_, i) => Math.max(0, Math.min(i * stride, side - size)),
    );
  const [height, width] = [image.height, image.width].map((side) => Math.min(size, side));
  return starts(image.height).flatMap((top) =>
    starts(image.width).map((left) => ({ top, left, height, width }))
  );
}

/**
 * Maps an image window by window, and averages where windows overlap.
 *
 * @param image `[1, C, H, W]`.
 * @param options Windows, and how many are mapped at a time; the result does not depend on the latter beyond rounding.
 * @param map From windows `[n, C, h, w]` to maps of the same size, `[n, K, h, w]`.
 * @returns `[1, K, H, W]`.
 */
export function slide(
  image: Tensor,
  options: WindowOptions & { readonly batchSize: number },
  map: (windows: Tensor) => Tensor,
): Tensor {
  return scope(() => {
    const [, , height, width] = image.shape;
    const { device } = image;
    const boxes = windowsOf({ height, width }, options);
    const part = (x: Tensor, box: CropBox) =>
      x.narrow(2, box.top, box.height).narrow(3, box.left, box.width);
    const count = zeros([1, 1, height, width], { device });
    let sum: Tensor | undefined;
    for (let start = 0; start < boxes.length; start += options.batchSize) {
      const chunk = boxes.slice(start, start + options.batchSize);
      const maps = scope(() => map(cat(chunk.map((box) => part(image, box)))));
      sum ??= zeros([1, maps.shape[1], height, width], { device });
      for (const [i, box] of chunk.entries()) {
        scope(() => {
          part(sum!, box).add_(maps.narrow(0, i, 1));
          part(count, box).add_(1);
        });
      }
      maps.dispose();
    }
    return sum!.div_(count);
  });
}

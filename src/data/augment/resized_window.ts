import { cat } from "../../tensor/create.ts";
import { scope } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type Span, SUPPORT } from "./bicubic_weights.ts";
import type { CropBox } from "./crop_box.ts";
import { resizedCrop, resizeSamples, toDtype } from "./resize.ts";

/** Pixels up to which the whole image is resized, and of what is resized at a time beyond. */
export const MOST_PIXELS = 2 ** 22;

/**
 * A rectangle of a resized image: what {@linkcode resizedCrop} makes of the whole, then cut. Of very long images little more
 * than the rectangle is made: enlarged whole, one of 20,000 x 2 pixels would take 2 GB.
 *
 * @param image `[C, H, W]`, uint8, or float32 from 0 to 255.
 * @param size Rows and columns of the whole image after resizing.
 * @param box The rectangle of that.
 * @returns `[C, box.height, box.width]` of the same type.
 */
export function resizedWindow(
  image: Tensor,
  size: readonly [rows: number, columns: number],
  box: CropBox,
): Tensor {
  const [, height, width] = image.shape;
  if (size[0] * size[1] <= MOST_PIXELS) {
    const whole = resizedCrop(image, { top: 0, left: 0, height, width }, size);
    return whole.narrow(1, box.top, box.height).narrow(2, box.left, box.width);
  }
  return scope(() => {
    const down = neededPart(height, size[0], { start: box.top, length: box.height });
    const across = neededPart(width, size[1], { start: box.left, length: box.width });
    const part = image.narrow(1, down.source.start, down.source.length)
      .narrow(2, across.source.start, across.source.length);
    return toDtype(resizeByStrips(part, [down, across]), image.dtype);
  });
}

/** The part of a side of an image that is resized. */
interface NeededPart {
  /** The pixels that it takes. */
  readonly source: Span;
  /** How many pixels they become. */
  readonly size: number;
  /** Which of them are wanted. */
  readonly wanted: Span;
}

/**
 * The part of a side that gives the wanted pixels exactly as the whole side does: it begins and ends where a pixel of the
 * side begins together with one of the result, and beyond the reach of the filter.
 */
function neededPart(side: number, size: number, wanted: Span): NeededPart {
  const periods = gcd(side, size);
  const [from, to] = [side / periods, size / periods]; // pixels of a period, before and after
  const reach = 1 + Math.ceil((SUPPORT * Math.max(1, from / to) + 1) / from);
  const first = Math.max(0, Math.floor(wanted.start / to) - reach);
  const end = Math.min(periods, Math.ceil((wanted.start + wanted.length) / to) + reach);
  return {
    source: { start: first * from, length: (end - first) * from },
    size: (end - first) * to,
    wanted: { start: wanted.start - first * to, length: wanted.length },
  };
}

/** Resizes columns, then rows, as the kernel itself does; between both, only what is wanted is kept. */
function resizeByStrips(image: Tensor, [down, across]: readonly NeededPart[]): Tensor {
  const [, height] = image.shape;
  const rows = strips(height, across.size).map(({ start, length }) =>
    scope(() =>
      resizeSamples(image.narrow(1, start, length), [length, across.size])
        .narrow(2, across.wanted.start, across.wanted.length).clone()
    )
  );
  const narrowed = cat(rows, 1); // [C, H, wanted columns]
  const columns = strips(across.wanted.length, down.size).map(({ start, length }) =>
    scope(() =>
      resizeSamples(narrowed.narrow(2, start, length), [down.size, length])
        .narrow(1, down.wanted.start, down.wanted.length).clone()
    )
  );
  return cat(columns, 2);
}

/** Lines in groups, each of so few that they can be resized to a length at once. */
function strips(lines: number, length: number): Span[] {
  const most = Math.max(1, Math.floor(MOST_PIXELS / length));
  return Array.from({ length: Math.ceil(lines / most) }, (_, i) => ({
    start: i * most,
    length: Math.min(most, lines - i * most),
  }));
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

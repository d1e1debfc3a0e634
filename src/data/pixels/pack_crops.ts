import type { DrawnCrop } from "../augment/draw_crops.ts";

/** A crop to make, all of which is said: the same crop of the same image has the same bytes wherever it is made. */
export interface Crop extends DrawnCrop {
  /** Where its first value goes, counted in values. */
  readonly offset: number;
}

/** Bytes of a crop as native/pixels/kernels.h has it. */
const PACKED = 80;
const NO_JITTER = 4;

/** Crops as native code reads them. */
export function packCrops(crops: readonly Crop[]): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(PACKED * crops.length));
  crops.forEach(({ draw, size, offset }, i) => {
    const { box, flip, jitter, grayscale, sigma, solarize } = draw;
    const order = [...Array.from(jitter?.order ?? []), ...Array(4).fill(NO_JITTER)].slice(0, 4);
    const [brightness, contrast, saturation, hue] = jitter?.strength ?? [1, 1, 1, 0];
    const start = PACKED * i;
    view.setBigInt64(start, BigInt(offset), true);
    [box.top, box.left, box.height, box.width, size, Number(flip), ...order]
      .forEach((value, at) => view.setInt32(start + 8 + 4 * at, value, true));
    [brightness, contrast, saturation]
      .forEach((value, at) => view.setFloat32(start + 48 + 4 * at, value, true));
    [Math.trunc(hue * 255), Number(grayscale), Number(solarize)]
      .forEach((value, at) => view.setInt32(start + 60 + 4 * at, value, true));
    view.setFloat32(start + 72, sigma ?? 0, true);
  });
  return new Uint8Array(view.buffer);
}

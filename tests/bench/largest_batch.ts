import { type Device, deviceCapacity } from "../../src/tensor/device.ts";

/** What a step may take of the device's memory; PyTorch's is to fit as well. */
const SHARE = 0.8;
const FEW = 4;

/**
 * The largest power of two for which the device has room, from the memory that two small steps take: it grows by as
 * much for each image.
 *
 * @param peakOf The most bytes that a step of so many images holds.
 */
export function largestBatch(device: Device, peakOf: (images: number) => number): number {
  const [few, more] = [peakOf(FEW), peakOf(2 * FEW)];
  const images = FEW + FEW * (SHARE * deviceCapacity(device).total - few) / (more - few);
  if (!(images >= 2)) throw new Error("Cannot measure the step: two images do not fit the device");
  return 2 ** Math.floor(Math.log2(images));
}

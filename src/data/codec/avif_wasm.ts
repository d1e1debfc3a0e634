import { withDepths } from "./avif_depths.ts";
import { Codec } from "./codec.ts";
import type { ByteSamples } from "./samples.ts";

/** Bits of a sample to ask for. */
const BITS = 8;

/**
 * Decodes the first picture of AVIF bytes by libavif in WebAssembly, for machines without a libavif: red, green, blue and
 * alpha. Colours differ from Pillow's by two gray levels, or three of 12 bits, since Pillow's libavif turns Y′CbCr to RGB by
 * libyuv; and some damaged files are not read that Pillow reads.
 *
 * @throws {Error} If the file is damaged or cut off.
 */
export function decodeAvifByWasm(bytes: Uint8Array<ArrayBuffer>): Promise<ByteSamples> {
  return libavif.run(({ decode }) => {
    const image = decode(withDepths(bytes), BITS);
    if (image === null) throw new Error("its data are damaged or cut off");
    const { width, height, data } = image;
    return { width, height, channels: 4, values: new Uint8Array(data.buffer) };
  });
}

const libavif = new Codec(async () => {
  const { default: create } = await import("@jsquash/avif/codec/dec/avif_dec.js");
  return await create({});
});

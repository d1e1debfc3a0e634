/**
 * JPEG 2000 decoding by OpenJPEG in WebAssembly, for machines without an OpenJPEG.
 *
 * @module
 */
import { Codec } from "./codec.ts";
import { componentAlone, type Jpeg2000Layout } from "./jpeg2000_layout.ts";
import type { Picture, StoredSamples } from "./samples.ts";

/**
 * Decodes JPEG 2000 bytes of gray, RGB or inks, with or without alpha.
 *
 * @throws {Error} If the file is damaged or cut off.
 */
export function decodeJpeg2000ByWasm(
  bytes: Uint8Array<ArrayBuffer>,
  layout: Jpeg2000Layout,
): Promise<Picture> {
  return openjpeg.run((codec) =>
    // The package handles one component or three.
    layout.components.length % 2 === 1
      ? decodeWhole(codec, bytes)
      : decodeApart(codec, bytes, layout)
  );
}

function decodeWhole(codec: OpenJpeg, bytes: Uint8Array<ArrayBuffer>): Picture {
  const { isYcc, ...samples } = decodeSamples(codec, bytes);
  if (samples.channels === 1) return { ...samples, colour: "gray" };
  return { ...samples, values: toBytes(samples.values), colour: isYcc ? "ycbcr" : "rgb" };
}

/** Decodes each component as a gray file of its own. */
function decodeApart(
  codec: OpenJpeg,
  bytes: Uint8Array<ArrayBuffer>,
  layout: Jpeg2000Layout,
): Picture {
  const { components: { length: channels }, width, height, colours } = layout;
  const values = new Uint8Array(width * height * channels);
  for (let channel = 0; channel < channels; channel++) {
    const alone = toBytes(decodeSamples(codec, componentAlone(bytes, layout, channel)).values);
    if (alone.length !== width * height) throw new Error("a component of another size");
    for (let from = 0, to = channel; from < alone.length; from++, to += channels) {
      values[to] = alone[from];
    }
  }
  const colour = channels === 2 ? "gray" : colours;
  const picture: Picture = { width, height, channels, values, colour };
  return colour === "cmyk" ? picture : { ...picture, alpha: "straight" };
}

/** Fewer than 8 bits, or 16, are shifted up. */
function decodeSamples(
  { J2KDecoder }: OpenJpeg,
  bytes: Uint8Array<ArrayBuffer>,
): StoredSamples & { readonly isYcc: boolean } {
  const decoder = new J2KDecoder();
  try {
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.decode();
    const { width, height, bitsPerSample, componentCount, isSigned } = decoder.getFrameInfo();
    const { buffer } = decoder.getDecodedBuffer(); // a copy already
    // On failure the package only prints a message.
    if (buffer.byteLength === 0) throw new Error("its data are damaged or cut off");
    const count = width * height * componentCount;
    const isDeep = bitsPerSample > 8;
    const numbers = isDeep ? new Uint16Array(buffer, 0, count) : new Uint8Array(buffer, 0, count);
    const shift = (isDeep ? 16 : 8) - bitsPerSample;
    const zero = isSigned ? 1 << (bitsPerSample - 1) : 0;
    const values = shift + zero === 0 ? numbers : numbers.map((v) => v + zero << shift);
    const isYcc = decoder.getColorSpace() === SYCC;
    return { width, height, channels: componentCount, values, isYcc };
  } finally {
    decoder.delete();
  }
}

/** OpenJPEG's number of Y′CbCr. */
const SYCC = 3;

/** Rounds to 8 bits as Pillow does; but what rounds to 256, which wraps to 0 there, becomes 255. */
function toBytes(values: StoredSamples["values"]): Uint8Array<ArrayBuffer> {
  if (values instanceof Uint8Array) return values;
  return Uint8Array.from(values, (value) => Math.min(255, value + 128 >> 8));
}

// deno-lint-ignore no-explicit-any -- the package has no types of its own
type OpenJpeg = any;

const openjpeg = new Codec(async (): Promise<OpenJpeg> => {
  const { default: create } = await import("@cornerstonejs/codec-openjpeg/decodewasmjs");
  return await create({ print: () => {}, printErr: () => {} });
});

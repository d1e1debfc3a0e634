/**
 * JPEG 2000 decoding by OpenJPEG in WebAssembly, isolated from the process's memory. Pillow decodes by OpenJPEG too.
 *
 * @module
 */
import { Codec } from "./codec.ts";
import {
  canBeWhole,
  componentAlone,
  type Jpeg2000Layout,
  readJpeg2000Layout,
} from "./jpeg2000_layout.ts";
import type { Picture, Samples } from "./samples.ts";

/** The size of the image on its reference grid (ITU-T T.800, A.5.1). */
function jpeg2000Size(view: DataView): readonly [number, number] {
  const { width, height } = readJpeg2000Layout(view);
  return [width, height];
}

/**
 * Decodes JPEG 2000 bytes of gray, RGB or inks, with or without alpha.
 *
 * @throws {Error} If the file is damaged or cut off, or has other samples.
 */
function decodeJpeg2000(bytes: Uint8Array<ArrayBuffer>): Promise<Picture> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const layout = readJpeg2000Layout(view);
  const { components: { length: count } } = layout;
  if (count < 1 || count > 4) throw new Error(`${count} samples a pixel are not read`);
  if (!canBeWhole(layout)) {
    throw new Error("components of fewer samples are read of Y′CbCr in 4:2:0 and 4:2:2 alone");
  }
  return openjpeg.run((codec) =>
    // The package handles one component or three.
    count % 2 === 1 ? decodeWhole(codec, bytes) : decodeApart(codec, bytes, layout)
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

/** Samples of 8 bits, or of 16; fewer are shifted up. */
type StoredSamples = Samples & {
  readonly values: Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;
};

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

/** What reads JPEG 2000 files. */
export const jpeg2000 = { size: jpeg2000Size, decode: decodeJpeg2000 };

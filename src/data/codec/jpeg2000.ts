/**
 * JPEG 2000 decoding by OpenJPEG in WebAssembly, out of reach of the process's memory. Pillow decodes by OpenJPEG too.
 *
 * @module
 */
import { readBoxes } from "./boxes.ts";
import { Codec } from "./codec.ts";
import type { Picture } from "./samples.ts";

/** The size of the image on its reference grid (ITU-T T.800, A.5.1). */
function jpeg2000Size(view: DataView): readonly [number, number] {
  const { start } = findCodestream(view);
  const [right, bottom, left, top] = [8, 12, 16, 20].map((at) => view.getUint32(start + at));
  return [right - left, bottom - top];
}

/**
 * Decodes JPEG 2000 bytes of gray or RGB.
 *
 * @throws {Error} If the file is damaged or cut off, or has other samples.
 */
async function decodeJpeg2000(bytes: Uint8Array<ArrayBuffer>): Promise<Picture> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const samples = view.getUint16(findCodestream(view).start + 40);
  if (samples !== 1 && samples !== 3) {
    throw new Error(`${samples} samples a pixel are not read: save it without alpha, or as PNG`);
  }
  return await openjpeg.run(({ J2KDecoder }) => {
    const decoder = new J2KDecoder();
    try {
      decoder.getEncodedBuffer(bytes.length).set(bytes);
      decoder.decode();
      const { width, height, bitsPerSample, componentCount, isSigned } = decoder.getFrameInfo();
      const stored = decoder.getDecodedBuffer().slice();
      const count = width * height * componentCount;
      const isDeep = bitsPerSample > 8;
      const numbers = isDeep
        ? new Uint16Array(stored.buffer, 0, count)
        : new Uint8Array(stored.buffer, 0, count);
      const shift = (isDeep ? 16 : 8) - bitsPerSample;
      const zero = isSigned ? 1 << (bitsPerSample - 1) : 0;
      const values = shift + zero === 0 ? numbers : numbers.map((v) => v + zero << shift);
      const isYcc = decoder.getColorSpace() === SYCC;
      const colour = componentCount === 1 ? "gray" : isYcc ? "ycbcr" : "rgb";
      return { width, height, channels: componentCount, values, colour };
    } finally {
      decoder.delete();
    }
  });
}

/** OpenJPEG's number of Y′CbCr. */
const SYCC = 3;

function findCodestream(view: DataView): { readonly start: number } {
  if (view.getUint32(0) === 0xff4fff51) return { start: 0 };
  const box = readBoxes(view, 0, view.byteLength).find(({ type }) => type === "jp2c");
  if (box === undefined) throw new Error("the JPEG 2000 has no codestream");
  return box;
}

const openjpeg = new Codec(async () => {
  const { default: create } = await import("@cornerstonejs/codec-openjpeg/decodewasmjs");
  return await create({ print: () => {}, printErr: () => {} });
});

/** What reads JPEG 2000 files. */
export const jpeg2000 = { size: jpeg2000Size, decode: decodeJpeg2000 };

/**
 * PNG decoding.
 *
 * @module
 */
import { decodeHex } from "@std/encoding";
import { orientationOf } from "./orientation.ts";
import { KEYWORDS, type PngChunks, readPngChunks } from "./png_chunks.ts";
import { type PngHeader, readPngHeader, readPngValues } from "./png_samples.ts";
import { readPngText } from "./png_text.ts";
import { paletteOf, type Picture } from "./samples.ts";

/** Colour types. */
const GRAY = 0;
const PALETTE = 3;

/** Columns and rows. */
function pngSize(view: DataView): readonly [number, number] {
  const first = String.fromCharCode(...[12, 13, 14, 15].map((at) => view.getUint8(at)));
  if (first === "CgBI") throw new Error("a PNG as Xcode stores it is not read: save it anew");
  return [view.getUint32(16), view.getUint32(20)];
}

/**
 * Decodes PNG bytes. A wrong checksum of samples or behind them, a missing end and surplus data are noted where the samples
 * are complete; missing rows stay black. Pillow accepts all of these but a wrong checksum of what the samples unpack to, which
 * is accepted here where nothing else is damaged.
 *
 * @throws {Error} If the file is damaged or cut off.
 */
function decodePng(bytes: Uint8Array): Picture {
  const chunks = readPngChunks(bytes);
  const header = readPngHeader(chunks);
  const { bits, type } = header;
  const samples = readPngValues(chunks);
  if (type === GRAY && bits < 8) {
    const scale = 255 / (2 ** bits - 1);
    for (let i = 0; i < samples.values.length; i++) samples.values[i] *= scale;
  }
  return { ...samples, ...coloursOf(chunks, header) };
}

/** How the camera was held, by EXIF data in their chunk or as a text of hexadecimal digits, or by XMP. */
function pngOrientation(bytes: Uint8Array): number {
  const { others, texts } = readPngChunks(bytes);
  const find = (keyword: string) => {
    const text = texts.get(keyword);
    return text && readPngText(text);
  };
  const exif = () => {
    const lines = new TextDecoder().decode(find(KEYWORDS.exif)).split("\n");
    return decodeHex(lines.slice(3).join("")); // behind a name and a length
  };
  return orientationOf({
    exif: () => others.get("eXIf") ?? exif(),
    xmp: () => find(KEYWORDS.xmp),
  });
}

/** What the samples mean. */
function coloursOf(
  { others }: PngChunks,
  { type, bits }: PngHeader,
): Pick<Picture, "colour" | "alpha" | "palette" | "key"> {
  const transparent = others.get("tRNS");
  if (type === PALETTE) {
    const colours = others.get("PLTE");
    if (colours === undefined) throw new Error("the PNG has no palette");
    const whole = colours.subarray(0, colours.length - colours.length % 3);
    return { colour: "palette", palette: paletteOf(whole, transparent) };
  }
  const colour = type & 2 ? "rgb" : "gray";
  if (type & 4) return { colour, alpha: "straight" };
  const needed = colour === "rgb" ? 6 : 2;
  if (transparent === undefined || transparent.length < needed) return { colour };
  if (bits === 1) {
    return { colour, key: [transparent[0] || transparent[1] ? 255 : 0] };
  }
  // Pillow compares the key's low bytes with the decoded bytes, whatever the depth.
  const low = [1, 3, 5].slice(0, needed / 2).map((at) => transparent[at]);
  return { colour, key: bits === 16 && colour === "gray" ? undefined : low };
}

/** What reads PNG files. */
export const png = { size: pngSize, decode: decodePng, orientation: pngOrientation };

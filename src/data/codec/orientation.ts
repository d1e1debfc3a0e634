/**
 * How the camera was held, as pictures say.
 *
 * @module
 */
import { openTiff, type TiffDirectory } from "./tiff_directory.ts";

/** The tag, TIFF's number for its type, 16 bits, and the tag of a file's XMP. */
const ORIENTATION = 274, SHORT = 3, XMP = 700;

/** The orientation of a TIFF's picture, 1 to 8, by its tag, or else by its XMP; 1, upright, where neither tells it. */
export function readOrientation(directory: TiffDirectory): number {
  return checked(fromTag(directory) ?? fromXmp(directory.bytes(XMP)) ?? 1);
}

function checked(orientation: number): number {
  return orientation >= 1 && orientation <= 8 ? orientation : 1;
}

/** Where a file may tell how the camera was held. */
interface Told {
  /** Finds its EXIF data, which are a TIFF without pixels, with or without `Exif\0\0` before it. */
  readonly exif: () => Uint8Array | undefined;
  /** Finds its XMP, which counts where EXIF data tell nothing, as in Pillow. Default: none. */
  readonly xmp?: () => Uint8Array | undefined;
}

/** How the camera was held: 1 to 8; 1, upright, also where nothing tells it or what does is damaged. */
export function orientationOf({ exif, xmp }: Told): number {
  for (const read of [() => fromExif(exif()), () => fromXmp(xmp?.())]) {
    try {
      const orientation = read();
      if (orientation !== undefined) return checked(orientation);
    } catch { // damaged, so that it tells nothing
    }
  }
  return 1;
}

function fromExif(exif: Uint8Array | undefined): number | undefined {
  if (exif === undefined) return undefined;
  let body = exif;
  while (String.fromCharCode(...body.subarray(0, 4)) === "Exif") body = body.subarray(6); // some have it twice
  return fromTag(openTiff(new DataView(body.buffer, body.byteOffset, body.byteLength)));
}

function fromTag({ first }: TiffDirectory): number | undefined {
  const orientation = first(ORIENTATION, NaN);
  return Number.isNaN(orientation) ? undefined : orientation;
}

function fromXmp(xmp: Uint8Array | undefined): number | undefined {
  const found = new TextDecoder().decode(xmp).match(/tiff:Orientation(?:="|>)([0-9])/);
  return found === null ? undefined : Number(found[1]);
}

/** EXIF data that hold an orientation and nothing else. */
export function exifOf(orientation: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(26));
  view.setUint32(0, 0x4d4d002a); // big-endian, as the rest
  view.setUint32(4, 8);
  view.setUint16(8, 1);
  view.setUint16(10, ORIENTATION);
  view.setUint16(12, SHORT);
  view.setUint32(14, 1);
  view.setUint16(18, orientation);
  return new Uint8Array(view.buffer);
}

import { standIn } from "../../files/stand_in.ts";

/** Whether bytes are of a format. */
type Test = (text: string) => boolean;

/** Files that Deino does not read, recognised by how they begin (or by a fixed place), and what to do about them. */
const UNREAD: readonly (readonly [what: string, test: Test])[] = [
  [
    "HEIC is not read; convert it to JPEG or PNG",
    (text) => /^ftyp(hei|hev|mif1|msf1)/.test(text.slice(4)),
  ],
  [
    "JPEG XL is not read; convert it to JPEG or PNG",
    (text) => text.startsWith("\xff\x0a") || text.slice(4).startsWith("JXL \r\n"),
  ],
  [
    "DICOM is not read; convert it to PNG, or save its values by numpy.save",
    (text) => text.slice(128).startsWith("DICM"),
  ],
  ["FITS is not read; save its values by numpy.save", (text) => text.startsWith("SIMPLE  =")],
  ["HDF5 is not read; save its values by numpy.save", (text) => text.startsWith("\x89HDF\r\n")],
  ["OpenEXR is not read; save its values by numpy.save", (text) => text.startsWith("v/1\x01")],
  ["Radiance HDR is not read; convert it to PNG", (text) => text.startsWith("#?RADIANCE")],
  ["Photoshop's PSD is not read; convert it to PNG", (text) => text.startsWith("8BPS")],
  ["icons are not read; convert it to PNG", (text) => text.startsWith("\0\0\x01\0")],
  ["PFM and PAM are not read; convert it to PNG", (text) => /^P[7fF]\s/.test(text)],
  ["QOI is not read; convert it to PNG", (text) => text.startsWith("qoif")],
  ["PDF is not an image; render its pages to PNG", (text) => text.startsWith("%PDF")],
  [
    "SVG is not read; render it to PNG",
    (text) => /^\s*(<\?xml|<!--|<svg)/.test(text) && /<svg/.test(text),
  ],
  [
    "an archive is not an image; unpack it",
    (text) => text.startsWith("PK\x03\x04") || text.startsWith("\x1f\x8b"),
  ],
];

/** Bytes by which every format can be recognised. */
const LOOKED_AT = 1024;

/**
 * Says what a file is that is not an image of a known format.
 *
 * @returns A sentence to follow a file name and a colon, or undefined where nothing is recognised.
 */
export function nameUnread(bytes: Uint8Array): string | undefined {
  const text = String.fromCharCode(...bytes.subarray(0, LOOKED_AT));
  return UNREAD.find(([, test]) => test(text))?.[0] ?? standIn(text);
}

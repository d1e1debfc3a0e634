/** What the first frame header of a JPEG file says (ITU T.81, B.2.2). */
interface JpegFrame {
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** 1 for gray, 3 for colours, 4 for inks. */
  readonly components: number;
  /** The marker, which tells how the file is coded. */
  readonly marker: number;
}

/**
 * Walks the marker segments of JPEG bytes to the first frame header. Bytes between segments are skipped, as in libjpeg and
 * Pillow.
 *
 * @throws {RangeError} If the bytes end before it.
 */
export function readJpegFrame(view: DataView): JpegFrame {
  for (let at = 2;;) {
    if (view.getUint8(at++) !== 0xff) continue;
    while (view.getUint8(at) === 0xff) at++;
    const marker = view.getUint8(at++);
    if (isFrame(marker)) {
      return {
        width: view.getUint16(at + 5),
        height: view.getUint16(at + 3),
        components: view.getUint8(at + 7),
        marker,
      };
    }
    if (!standsAlone(marker)) at += view.getUint16(at);
  }
}

const JPEG_LS = 0xf7;

/**
 * SOF0 to SOF15, but for the three markers among them that are no frames: Huffman tables, an extension, arithmetic
 * conditioning. And SOF55.
 */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker) ||
    marker === JPEG_LS;
}

const [LOSSLESS, HIERARCHICAL] = ["lossless JPEG", "hierarchical JPEG"];
const ARITHMETIC = "JPEG with arithmetic codes";
/** How files of other frames than those of baseline and progressive JPEG are coded (ITU T.81, table B.1). */
const CODINGS: Readonly<Record<number, string>> = {
  0xc3: LOSSLESS,
  0xc5: HIERARCHICAL,
  0xc6: HIERARCHICAL,
  0xc7: HIERARCHICAL,
  0xc9: ARITHMETIC,
  0xca: ARITHMETIC,
  0xcb: LOSSLESS,
  0xcd: HIERARCHICAL,
  0xce: HIERARCHICAL,
  0xcf: HIERARCHICAL,
  [JPEG_LS]: "JPEG-LS",
};

/** What libjpeg says where it does not know how a file is coded. */
const UNKNOWN = /^Unsupported (JPEG process|marker|color)|not implemented/;

/**
 * Why a JPEG file cannot be decoded: in place of libjpeg's words for a coding that it does not know, that coding's name.
 *
 * @param bytes The file.
 * @param reason What libjpeg says.
 */
export function jpegReason(bytes: Uint8Array, reason: string): string {
  if (!UNKNOWN.test(reason)) return reason;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const coding = CODINGS[readJpegFrame(view).marker];
  return coding === undefined ? reason : `${coding} is not read here: save it anew`;
}

/** Markers without a segment: restarts, the start of an image, a temporary one; and the zero that makes a 255 data. */
function standsAlone(marker: number): boolean {
  return (marker >= 0xd0 && marker <= 0xd8) || marker <= 0x01;
}

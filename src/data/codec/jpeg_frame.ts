/** What the first frame header of a JPEG file says (ITU T.81, B.2.2). */
interface JpegFrame {
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** 1 for gray, 3 for colours, 4 for inks. */
  readonly components: number;
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
      };
    }
    if (!standsAlone(marker)) at += view.getUint16(at);
  }
}

/**
 * SOF0 to SOF15, but for the three markers among them that are no frames: Huffman tables, an extension, arithmetic
 * conditioning.
 */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

/** Markers without a segment: restarts, the start of an image, a temporary one; and the zero that makes a 255 data. */
function standsAlone(marker: number): boolean {
  return (marker >= 0xd0 && marker <= 0xd8) || marker <= 0x01;
}

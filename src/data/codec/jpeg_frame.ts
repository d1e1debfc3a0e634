/** What the first frame header of a JPEG file says (ITU T.81, B.2.2). */
export interface JpegFrame {
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** 1 for gray, 3 for colours, 4 for inks. */
  readonly components: number;
}

/**
 * Walks the marker segments of JPEG bytes to the first frame header.
 *
 * @throws {RangeError} If the bytes end before it.
 * @throws {Error} If there is something else than a marker on the way.
 */
export function readJpegFrame(view: DataView): JpegFrame {
  for (let at = 2;;) {
    if (view.getUint8(at) !== 0xff) throw new Error("the JPEG has bytes where a marker should be");
    const marker = view.getUint8(at + 1);
    const isFill = marker === 0xff;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) {
      return {
        width: view.getUint16(at + 7),
        height: view.getUint16(at + 5),
        components: view.getUint8(at + 9),
      };
    }
    at += isFill ? 1 : 2 + view.getUint16(at + 2);
  }
}

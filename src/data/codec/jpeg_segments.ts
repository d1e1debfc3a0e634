/** A segment of a JPEG file: a marker and what it says (ITU T.81, B.1.1.4). */
interface JpegSegment {
  readonly marker: number;
  /** What follows the length. */
  readonly content: Uint8Array;
}

const [SCAN, END] = [0xda, 0xd9];

/** The segments of JPEG bytes before the first scan, up to the first that does not begin like one. */
export function* jpegSegments(bytes: Uint8Array): Generator<JpegSegment> {
  for (let at = 2; at + 4 <= bytes.length && bytes[at] === 0xff;) {
    const marker = bytes[at + 1];
    if (marker === SCAN || marker === END) return;
    const length = bytes[at + 2] << 8 | bytes[at + 3];
    yield { marker, content: bytes.subarray(at + 4, at + 2 + length) };
    at += marker === 0xff ? 1 : 2 + length;
  }
}

/** Whether the content of a segment begins with a name, a character for each byte. */
export function isNamed({ content }: JpegSegment, name: string): boolean {
  return String.fromCharCode(...content.subarray(0, name.length)) === name;
}

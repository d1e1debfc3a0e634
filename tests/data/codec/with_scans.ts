/**
 * A progressive JPEG file of a number of scans: its last one is there again and again.
 *
 * @param bytes The file.
 * @param count Scans of the result, at least as many as it has.
 */
export function withScans(bytes: Uint8Array<ArrayBuffer>, count: number): Uint8Array<ArrayBuffer> {
  const scans = [...bytes.keys()].filter((at) => bytes[at] === 0xff && bytes[at + 1] === 0xda);
  const last = scans.at(-1)!;
  const more = Array(count - scans.length).fill([...bytes.subarray(last, -2)]).flat();
  return Uint8Array.from([...bytes.subarray(0, -2), ...more, ...bytes.subarray(-2)]);
}

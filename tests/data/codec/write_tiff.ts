/** A TIFF to write. */
interface TiffToWrite {
  readonly width: number;
  readonly height: number;
  /** Samples of a pixel. */
  readonly samples: number;
  /** Bits of a sample. Default: 8. */
  readonly bits?: 8 | 16;
  /** What samples mean. Default: 1, black is zero. */
  readonly photometric?: number;
  /** Whether each sample has a strip of its own. Default: false. */
  readonly isPlanar?: boolean;
  /** `[height, width, samples]`. */
  readonly values: ArrayLike<number>;
  /** What stands in place of the values, packed in one strip. Default: the values as they are. */
  readonly stored?: Uint8Array;
  /** Tags beside those that follow from the rest, or in their place; those of no values are left out. Default: none. */
  readonly tags?: Readonly<Record<number, readonly number[]>>;
}

/** The bytes of a little-endian TIFF, uncompressed unless told otherwise, with one strip or, if it is planar, one for each sample. */
export function writeTiff(image: TiffToWrite): Uint8Array<ArrayBuffer> {
  const { width, height, samples, bits = 8, photometric = 1, isPlanar = false, values, stored } =
    image;
  const pixels = width * height;
  const strips = isPlanar ? samples : 1;
  const stripBytes = stored?.length ?? pixels * (samples / strips) * bits / 8;
  const own: [tag: number, values: readonly number[]][] = [
    [256, [width]],
    [257, [height]],
    [258, [bits]],
    [259, [1]],
    [262, [photometric]],
    [273, Array.from({ length: strips }, (_, i) => 8 + i * stripBytes)],
    [277, [samples]],
    [278, [height]],
    [279, Array<number>(strips).fill(stripBytes)],
    [284, [isPlanar ? 2 : 1]],
  ];
  const tags = [
    ...new Map([
      ...own,
      ...Object.entries(image.tags ?? {}).map(([tag, list]) => [Number(tag), list] as const),
    ]),
  ]
    .filter(([, list]) => list.length > 0);
  const directory = 8 + strips * stripBytes;
  const extra = directory + 2 + 12 * tags.length + 4;
  const bytes = new Uint8Array(extra + 4 * tags.reduce((sum, [, list]) => sum + list.length, 0));
  const view = new DataView(bytes.buffer);
  bytes.set([0x49, 0x49, 42, 0]);
  view.setUint32(4, directory, true);
  if (stored !== undefined) bytes.set(stored, 8);
  else {for (let i = 0; i < pixels * samples; i++) {
      const place = isPlanar ? (i % samples) * pixels + Math.floor(i / samples) : i;
      if (bits === 8) bytes[8 + place] = values[i];
      else view.setUint16(8 + 2 * place, values[i], true);
    }}
  view.setUint16(directory, tags.length, true);
  let free = extra;
  tags.forEach(([tag, list], i) => {
    const entry = directory + 2 + 12 * i;
    view.setUint16(entry, tag, true);
    view.setUint16(entry + 2, 4, true);
    view.setUint32(entry + 4, list.length, true);
    if (list.length === 1) view.setUint32(entry + 8, list[0], true);
    else {
      view.setUint32(entry + 8, free, true);
      for (const value of list) {
        view.setUint32(free, value, true);
        free += 4;
      }
    }
  });
  return bytes;
}

/**
 * Where the bytes of an image lie, and how they are read.
 *
 * @module
 */
/** A file, or a part of one, that is an image as it is. */
export interface FilePart {
  /** The file on disk. */
  readonly path: string;
  /** The image's first byte. Default: the file's. */
  readonly offset?: number;
  /** The image's length in bytes. Default: the file's. */
  readonly length?: number;
}

/** Where the bytes of an image lie: plain data, so that a worker can be sent it. */
export type SampleLocator = FilePart;

/** No image within the pixel limit is stored in more: this is 16-bit RGB with room to spare. */
const MAX_SAMPLE_BYTES = 2 ** 30;

/**
 * Reads the bytes of an image.
 *
 * @throws {Error} If they are not there, or more than a gibibyte; the message is the reason, worded to
 *   follow the image's name and a colon.
 */
export async function readSample(sample: SampleLocator): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const { offset = 0, length } = sample;
    const { size, isFile } = await Deno.stat(sample.path); // before it is opened: a pipe would wait
    if (!isFile) throw new Error("not a regular file");
    const wanted = length ?? size;
    if (wanted > MAX_SAMPLE_BYTES) throw new Error(`the file has ${wanted} bytes`);
    using file = await Deno.open(sample.path);
    return readPart(file, offset, wanted);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw new Error("the file is gone");
    throw error;
  }
}

function readPart(file: Deno.FsFile, offset: number, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  file.seekSync(offset, Deno.SeekMode.Start);
  for (let filled = 0; filled < length;) {
    const count = file.readSync(bytes.subarray(filled));
    if (count === null) throw new Error(`its file ends after ${offset + filled} bytes: it was cut`);
    filled += count;
  }
  return bytes;
}

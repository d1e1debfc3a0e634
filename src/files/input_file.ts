/** A file that is read at any place, never beyond its end. */
export class InputFile {
  /** Its path. */
  readonly path: string;
  /** Its size in bytes. */
  readonly size: number;
  readonly #file: Deno.FsFile;
  #buffer = new Uint8Array(0);

  /**
   * Opens a file.
   *
   * @throws {Error} When it does not exist or is not a file: a pipe would be waited for without end.
   */
  constructor(path: string) {
    this.path = path;
    try {
      const facts = Deno.statSync(path);
      if (!facts.isFile) throw new Error(`it is ${kindOf(facts)}, not a file`);
      this.#file = Deno.openSync(path);
      this.size = this.#file.statSync().size;
    } catch (cause) {
      const absent = cause instanceof Deno.errors.NotFound;
      throw unreadable(path, absent ? new Error("there is no such file") : cause);
    }
  }

  /**
   * Reads bytes from a position on.
   *
   * @throws {Error} When the file ends before; the message completes "Cannot read …: ".
   */
  bytes(position: number, count: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(count);
    this.read(position, bytes);
    return bytes;
  }

  /**
   * As {@linkcode bytes}, into memory that the next call of this method fills again.
   *
   * @throws {Error} When the file ends before; the message completes "Cannot read …: ".
   */
  borrow(position: number, count: number): Uint8Array<ArrayBuffer> {
    if (this.#buffer.length < count) this.#buffer = new Uint8Array(count);
    const bytes = this.#buffer.subarray(0, count);
    this.read(position, bytes);
    return bytes;
  }

  /**
   * As {@linkcode bytes}, into memory that is there already.
   *
   * @throws {Error} When the file ends before; the message completes "Cannot read …: ".
   */
  read(position: number, buffer: Uint8Array): void {
    this.#file.seekSync(position, Deno.SeekMode.Start);
    for (let filled = 0; filled < buffer.length;) { // one `readSync` may fill only some of it
      const count = this.#file.readSync(buffer.subarray(filled));
      if (count === null) throw new Error("it ended early: another program is changing it");
      filled += count;
    }
  }

  /** Closes the file at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.#file.close();
  }
}

/** The error of a file that cannot be read, from the reason. */
export function unreadable(path: string, cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Error(`Cannot read "${path}": ${reason}`, { cause });
}

function kindOf({ isDirectory, isFifo, isSocket }: Deno.FileInfo): string {
  if (isDirectory) return "a folder";
  if (isFifo) return "a pipe";
  return isSocket ? "a socket" : "a device";
}

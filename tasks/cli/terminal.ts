import { printable } from "../../src/files/quoted.ts";

/** Where a {@linkcode Terminal} writes. */
export interface TextStream {
  /** Writes some of the bytes, and says how many. */
  writeSync(bytes: Uint8Array): number;
  /** Columns of the screen, or undefined without a terminal. */
  columns(): number | undefined;
}

const USUAL_COLUMNS = 80;
const CLEAR_LINE = "\r\x1b[2K";

/**
 * Text for people, with at most one line at its end that renews itself. What cannot be written, since the reader of a pipe
 * has gone or the disk behind a log is full, is lost: words about the work never end the work.
 */
export class Terminal {
  readonly #stream: TextStream;
  readonly #encoder = new TextEncoder();
  #hasStatus = false;

  /** @param stream Where to write. */
  constructor(stream: TextStream) {
    this.#stream = stream;
  }

  /** Columns of the screen, or undefined without a terminal. */
  get columns(): number | undefined {
    return this.#stream.columns();
  }

  /**
   * Writes a line, whatever stands in it: names of files may hold line ends and commands to a terminal.
   *
   * @returns Whether it could be written.
   */
  line(text: string): boolean {
    return this.text(printable(text));
  }

  /** Writes a text as it is, with its lines and colours, and ends the line. Returns whether it could be written. */
  text(text: string): boolean {
    const line = `${this.#hasStatus ? CLEAR_LINE : ""}${text}\n`;
    this.#hasStatus = false;
    return this.#write(line);
  }

  /** Shows a line that the next one replaces, such as a progress bar; nothing without a terminal. */
  status(text: string): void {
    if (this.columns === undefined || (text === "" && !this.#hasStatus)) return;
    this.#write(CLEAR_LINE + printable(text));
    this.#hasStatus = text !== "";
  }

  #write(text: string): boolean {
    const bytes = this.#encoder.encode(text);
    try {
      for (let at = 0; at < bytes.length;) at += this.#stream.writeSync(bytes.subarray(at));
      return true;
    } catch {
      return false; // there is nowhere left to say so
    }
  }
}

/** Standard output: results. */
export const stdout: Terminal = new Terminal(streamOf(Deno.stdout));

/** Standard error: reasons, remarks and progress. */
export const stderr: Terminal = new Terminal(streamOf(Deno.stderr));

function streamOf(stream: typeof Deno.stdout): TextStream {
  return {
    writeSync: (bytes) => stream.writeSync(bytes),
    columns: () => {
      if (!stream.isTerminal()) return undefined;
      try {
        return Deno.consoleSize().columns || USUAL_COLUMNS; // 0 where nobody told the terminal its size
      } catch {
        return undefined; // closed meanwhile
      }
    },
  };
}

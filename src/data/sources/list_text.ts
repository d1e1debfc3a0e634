/**
 * The text of a list, a part at a time: of a million rows, the whole would take as much memory as their names.
 *
 * @module
 */
import { InputFile } from "../../files/input_file.ts";

/** Bytes that are read at once. */
const CHUNK = 2 ** 18;

/** The text of a list. */
export class ListText {
  readonly #path: string;
  readonly #encoding: "utf-8" | "utf-16le" | "utf-16be";

  /**
   * Looks how a list is encoded.
   *
   * @throws {Error} If it cannot be read.
   */
  constructor(path: string) {
    this.#path = path;
    using file = new InputFile(path);
    const mark = file.bytes(0, Math.min(2, file.size)).toHex();
    this.#encoding = mark === "fffe" ? "utf-16le" : mark === "feff" ? "utf-16be" : "utf-8";
  }

  /**
   * The text in parts that end with a line. Lines end with `\n`, also where old Macs ended them with `\r`.
   *
   * @throws {Error} If it cannot be read, or is encoded otherwise.
   */
  *parts(): Generator<string> {
    let rest = "", isFirst = true;
    for (const chunk of this.chunks()) {
      const end = chunk.lastIndexOf("\n") + 1;
      if (end > 0) {
        yield rest + chunk.slice(0, end);
        [rest, isFirst] = ["", false];
      }
      rest += chunk.slice(end);
    }
    if (rest !== "") yield isFirst ? rest.replaceAll("\r", "\n") : rest;
  }

  /**
   * The whole text.
   *
   * @throws {Error} If it cannot be read, or is encoded otherwise.
   */
  whole(): string {
    return [...this.parts()].join("");
  }

  /** Whether it begins as an array in JSON does. */
  isArray(): boolean {
    for (const chunk of this.chunks()) {
      const text = chunk.trimStart();
      if (text !== "") return text.startsWith("[");
    }
    return false;
  }

  /**
   * The text in parts that end anywhere, as it is written.
   *
   * @throws {Error} If it cannot be read, or is encoded otherwise.
   */
  *chunks(): Generator<string> {
    const decoder = new TextDecoder(this.#encoding, { fatal: true });
    using file = new InputFile(this.#path);
    try {
      for (let at = 0; at < file.size; at += CHUNK) {
        const bytes = file.borrow(at, Math.min(CHUNK, file.size - at));
        const text = decoder.decode(bytes, { stream: at + CHUNK < file.size });
        if (text.includes("\0")) throw this.#zeros();
        yield text;
      }
    } catch (cause) {
      if (!(cause instanceof TypeError)) throw cause;
      throw new Error(
        `Cannot read the list ${this.#path}: it is not ${this.#encoding}, save it as UTF-8`,
        { cause },
      );
    }
  }

  #zeros(): Error {
    return new Error(
      `Cannot read the list ${this.#path}: it holds zero bytes, as UTF-16 without its mark does. Save it as UTF-8`,
    );
  }
}

import { dirname } from "@std/path";
import {
  openAlone,
  PARTIAL,
  removeIfThere,
  syncFolder,
  writeAll,
  writeTextAtomically,
} from "./atomic_file.ts";

/** The ending of the note beside an unfinished file. */
const NOTE = `${PARTIAL}.json`;

/** What the note says: how far the file is good, and the writer's own words. */
interface Journal {
  readonly bytes: number;
  readonly note: unknown;
}

/**
 * A file that is written piece by piece, for hours perhaps. Until it is finished it lies beside its path, with a note of
 * how far it is good, so that writing can resume where a killed process was. It appears at its path whole.
 */
export class ResumableFile implements Disposable {
  /** Where it will be. */
  readonly path: string;
  readonly #file: Deno.FsFile;
  #bytes: number;

  private constructor(path: string, file: Deno.FsFile, bytes: number) {
    this.path = path;
    this.#file = file;
    this.#bytes = bytes;
  }

  /**
   * The note of the last piece of an unfinished file, or undefined where there is none to resume.
   *
   * @param path Where the file was going to be.
   */
  static unfinished(path: string): unknown {
    return readJournal(path)?.note;
  }

  /**
   * Resumes an unfinished file, after its last noted piece.
   *
   * @throws {Error} When it cannot be opened.
   */
  static resume(path: string): ResumableFile {
    const bytes = readJournal(path)!.bytes;
    return told(path, () => {
      const file = openPartial(path);
      file.truncateSync(bytes);
      return new ResumableFile(path, file, bytes);
    });
  }

  /**
   * Begins a file; an unfinished one is lost.
   *
   * @param path Where it will be. Its folder is made where it is missing.
   * @param headSize Bytes to leave free for what {@linkcode ResumableFile.finish} writes.
   * @throws {Error} When it cannot be written.
   */
  static begin(path: string, headSize: number): ResumableFile {
    return told(path, () => {
      Deno.mkdirSync(dirname(path), { recursive: true });
      const file = openPartial(path);
      removeIfThere(path + NOTE);
      file.truncateSync(0);
      return new ResumableFile(path, file, headSize);
    });
  }

  /**
   * Adds a piece, and then the note that it is there.
   *
   * @param bytes The piece.
   * @param note What its writer has to know to go on behind it, as JSON can carry it.
   * @throws {Error} When it cannot be written; what was there before is kept.
   */
  append(bytes: Uint8Array, note: unknown): void {
    told(this.path, () => {
      this.#file.seekSync(this.#bytes, Deno.SeekMode.Start);
      writeAll(this.#file, bytes);
      this.#file.syncSync();
      this.#bytes += bytes.length;
      const journal: Journal = { bytes: this.#bytes, note };
      writeTextAtomically(this.path + NOTE, JSON.stringify(journal));
    });
  }

  /**
   * Puts the file in its place.
   *
   * @param head What fills the bytes left free at its beginning.
   * @throws {Error} When it cannot be written; what was there before is kept.
   */
  finish(head: Uint8Array): void {
    told(this.path, () => {
      this.#file.seekSync(0, Deno.SeekMode.Start);
      writeAll(this.#file, head);
      this.#file.syncSync();
      Deno.renameSync(this.path + PARTIAL, this.path);
      removeIfThere(this.path + NOTE);
      syncFolder(dirname(this.path));
    });
  }

  /** Closes the file at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.#file.close();
  }
}

/** @throws {Error} When another process is writing to it. */
function openPartial(path: string): Deno.FsFile {
  const file = openAlone(path + PARTIAL);
  if (file === undefined) throw new Error("another process is writing to it");
  return file;
}

function told<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `Cannot write "${path}": ${reason}. What was written is kept beside it: fix the cause and rerun to resume`,
      { cause },
    );
  }
}

/** The note of an unfinished file, if there is one and the file is as long as it says. */
function readJournal(path: string): Journal | undefined {
  try {
    const journal: Journal = JSON.parse(Deno.readTextFileSync(path + NOTE));
    return Deno.statSync(path + PARTIAL).size >= journal.bytes ? journal : undefined;
  } catch {
    return undefined; // none, or damaged: start from scratch
  }
}

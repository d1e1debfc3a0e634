/**
 * The right to work in a folder, for one process at a time.
 *
 * @module
 */
import { dirname } from "@std/path";
import { openAlone, removeIfThere, writeAll } from "./atomic_file.ts";
import { readSystemFile } from "./system_file.ts";

/** Who holds a lease. */
export interface Holder {
  /** The lease's own name. */
  readonly id: string;
  /** The machine's name, and what tells its running system from any other's. */
  readonly host: string;
  readonly boot: string;
  /** The process. */
  readonly pid: number;
  /** When it was last heard of, in ISO 8601. */
  readonly renewed: string;
  /** What it does, and since when. */
  readonly doing?: string;
  readonly since?: string;
}

/** What the thread that renews a lease is told: which one, and what its holder does. */
export type RenewerMessage = Pick<Holder, "id" | "doing" | "since"> & { readonly path: string };

/** Options of {@linkcode Lease.take}. */
interface LeaseOptions {
  /** Called once where another machine holds the lease, before it is waited for. Default: ignored. */
  readonly onWait?: (text: string) => void;
  /** Ends the waiting. Default: never. */
  readonly signal?: AbortSignal;
}

/** Milliseconds between two renewals, and after which a lease that was not renewed is void. */
export const RENEWAL = 10_000;
const LIFETIME = 60_000;
/** Milliseconds between two looks at another machine's lease. */
const PATIENCE = 500;
/** Looks at a lease of this machine before it is refused: a file that is just being given back is free at the next one. */
const LOOKS = 4;
/** And where its holder has yet to note its name, as it does at once unless the machine is busy. */
const LOOKS_FOR_NAME = 250;
/** Bytes of the file: a fixed number, so that a renewal overwrites it in one piece. */
const SIZE = 512;

/**
 * The right to work in a folder, which one process has at a time. On one machine a lock of the operating system guards it,
 * which goes with the process however that ends; other machines, which may not see that lock, see a note in the file that a
 * thread renews every ten seconds, also while this one is in a long native call.
 */
export class Lease implements Disposable {
  readonly #path: string;
  readonly #file: Deno.FsFile;
  readonly #id: string;
  readonly #renewer: Worker;

  private constructor(path: string, file: Deno.FsFile, id: string) {
    this.#path = path;
    this.#file = file;
    this.#id = id;
    this.#renewer = new Worker(new URL("./lease_worker.ts", import.meta.url), { type: "module" });
    this.tell();
  }

  /** Tells other processes, within ten seconds, what this one does, and since when. Default: since now. */
  tell(doing?: string, since: Date = new Date()): void {
    const message: RenewerMessage = {
      path: this.#path,
      id: this.#id,
      doing,
      since: since.toISOString(),
    };
    this.#renewer.postMessage(message);
  }

  /**
   * Takes a lease. One that another machine holds is waited for, until it is given back or was not renewed for a minute.
   *
   * @param path The file that stands for it. Its folder is made where it is missing.
   * @throws {Error} If another process of this machine holds it, or the file cannot be written.
   */
  static async take(path: string, { onWait, signal }: LeaseOptions = {}): Promise<Lease> {
    const watch = new Watch();
    for (let looks = 1;; looks++) {
      const file = open(path);
      const holder = readHolder(path);
      const isForeign = holder !== undefined && !isHere(holder);
      if (file !== undefined && (!isForeign || watch.isVoid(holder))) {
        return new Lease(path, file, claim(path, file));
      }
      file?.close();
      if (isForeign) {
        if (looks === 1) {
          onWait?.(
            `Waiting for process ${holder.pid} on ${holder.host}, which is using ${dirname(path)}`,
          );
        }
      } else if (looks >= (holder === undefined ? LOOKS_FOR_NAME : LOOKS)) {
        throw new Error(inUse(path, holder));
      }
      signal?.throwIfAborted();
      await new Promise((resolve) => setTimeout(resolve, isForeign ? PATIENCE : 20));
    }
  }

  /** @throws {Error} If the lease was lost: its folder is gone, or this process slept and another one took over. */
  confirm(): void {
    const holder = readHolder(this.#path);
    if (holder?.id === this.#id) return;
    const folder = dirname(this.#path);
    throw new Error(
      holder === undefined
        ? `Cannot continue in ${folder}: the folder was removed or emptied`
        : `Cannot continue in ${folder}: process ${holder.pid} on ${holder.host} has taken it over`,
    );
  }

  /** Gives the lease back. */
  [Symbol.dispose](): void {
    this.#renewer.terminate();
    if (readHolder(this.#path)?.id === this.#id) removeIfThere(this.#path);
    this.#file.close();
  }
}

/** Who holds a lease, if anyone does. */
export function readHolder(path: string): Holder | undefined {
  try {
    const holder = JSON.parse(Deno.readTextFileSync(path));
    return typeof holder?.id === "string" ? holder : undefined;
  } catch {
    return undefined;
  }
}

/** Notes in a lease's file that this process holds it now. */
export function writeHolder(
  file: Deno.FsFile,
  own: Pick<Holder, "id" | "doing" | "since">,
): void {
  const holder: Holder = {
    ...own,
    host: Deno.hostname(),
    boot: bootId(),
    pid: Deno.pid,
    renewed: new Date().toISOString(),
  };
  file.seekSync(0, Deno.SeekMode.Start);
  writeAll(file, new TextEncoder().encode(JSON.stringify(holder).padEnd(SIZE - 1) + "\n"));
}

/** Judges leases of other machines, whose clocks may differ from ours. */
class Watch {
  #renewed: string | undefined;
  #since = 0;

  /** Whether a lease was not renewed for its lifetime, by its own time or while it was watched. */
  isVoid({ renewed }: Holder): boolean {
    if (renewed !== this.#renewed) [this.#renewed, this.#since] = [renewed, performance.now()];
    const age = Date.now() - Date.parse(renewed);
    return age > LIFETIME || performance.now() - this.#since > LIFETIME;
  }
}

function open(path: string): Deno.FsFile | undefined {
  try {
    Deno.mkdirSync(dirname(path), { recursive: true });
    return openAlone(path);
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

/** Notes this process in a free lease's file. Returns the lease's name. */
function claim(path: string, file: Deno.FsFile): string {
  const id = crypto.randomUUID();
  try {
    writeHolder(file, { id });
    return id;
  } catch (cause) {
    file.close();
    removeIfThere(path);
    throw unwritable(path, cause);
  }
}

function unwritable(path: string, cause: unknown): Error {
  return new Error(`Cannot write "${path}": ${(cause as Error).message}`, { cause });
}

function inUse(path: string, holder: Holder | undefined): string {
  const folder = dirname(path);
  if (holder === undefined) return `Cannot use ${folder}: another process is using it`;
  return `Cannot use ${folder}: process ${holder.pid} on this machine is using it. ` +
    `Wait until it ends, or stop it with: kill ${holder.pid}`;
}

function isHere({ host, boot }: Holder): boolean {
  return boot === bootId() && (boot !== "" || host === Deno.hostname());
}

/** What tells the running system from any other: the kernel's own name for it, or nothing where it has none. */
function bootId(): string {
  return readSystemFile("/proc/sys/kernel/random/boot_id")?.trim() ?? "";
}
